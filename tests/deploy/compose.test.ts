import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readEnv } from '@/server/env';
import { dependenciesOf, filled, readCompose } from './composeFile';

const FOLDER = join(process.cwd(), 'deploy');
const read = (name: string) => readFileSync(join(FOLDER, name), 'utf8');

const text = read('compose.jitsi.yml');
const compose = readCompose(text);
const services = Object.entries(compose.services);
const JITSI = ['web', 'prosody', 'jicofo', 'jvb'];

/** The variables of the example: those to fill in as they stand, those that compose sets as comments; and what lacks a comment. */
function readExample() {
  const values = new Map<string, string>();
  const set = new Map<string, string>();
  const unexplained: string[] = [];
  let isExplained = false;
  for (const line of read('docker-jitsi-meet.env.example').split('\n')) {
    const [, mark, name, value] = /^(#?)([A-Z][A-Z_]+)=(.*)$/.exec(line) ?? [];
    if (name === undefined) {
      isExplained = line.startsWith('# ');
      continue;
    }
    (mark ? set : values).set(name, value!);
    if (!isExplained) unexplained.push(name);
  }
  return { values, set, unexplained };
}

const example = readExample();

const FILLED = {
  PARLEY_HOST: 'meet.example.org',
  JITSI_HOST: 'jitsi.example.org',
  JWT_APP_SECRET: 'a secret that is long enough',
};

describe('Parley with a real Jitsi in containers', () => {
  it('every image is pinned, and those of Jitsi to the one version that the example names', () => {
    const images = services.flatMap(([, { image }]) => image ?? []);
    expect(images).toHaveLength(services.length - 1);
    for (const image of images) expect(image).toMatch(/^[\w.-]+\/[\w./-]+:(?:stable-)?\d[\w.-]*$/);
    const versions = JITSI.map((name) => compose.services[name]!.image!.split(':')[1]);
    expect(new Set(versions).size).toBe(1);
    expect(read('docker-jitsi-meet.env.example')).toContain(`Checked against ${versions[0]}.`);
    expect(read('Dockerfile')).toMatch(/^FROM docker\.io\/library\/node:\d+\.\d+\.\d+-/m);
  });

  it('what the services refer to exists', () => {
    for (const [name, service] of services) {
      for (const other of dependenciesOf(service)) expect(compose.services, name).toHaveProperty(other);
      const networks = Array.isArray(service.networks) ? service.networks : Object.keys(service.networks ?? {});
      for (const network of networks) {
        if (network !== 'default') expect(Object.keys(compose.networks), name).toContain(network);
      }
      for (const volume of service.volumes ?? []) {
        const source = volume.split(':')[0]!;
        if (source.startsWith('.')) expect(existsSync(join(FOLDER, source)), source).toBe(true);
        else expect(Object.keys(compose.volumes), name).toContain(source);
      }
      if (service.build) expect(existsSync(join(FOLDER, service.build.context, service.build.dockerfile))).toBe(true);
    }
    const upstreams = [...read('Caddyfile.jitsi').matchAll(/reverse_proxy (\w+):\d+/g)].map(([, name]) => name!);
    expect(upstreams.sort()).toEqual(['parley', 'web']);
    for (const name of upstreams) expect(compose.services).toHaveProperty(name);
  });

  it('the example holds exactly the variables that compose asks for, and explains each', () => {
    const asked = new Set([...text.matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name!));
    expect([...example.values.keys()].sort()).toEqual([...asked].sort());
    expect(example.unexplained).toEqual([]);
    const hosts = [...read('Caddyfile.jitsi').matchAll(/\{\$([A-Z_]+)\}/g)].map(([, name]) => name!);
    for (const host of hosts) expect(compose.services['caddy']!.environment).toHaveProperty(host);
  });

  it('compose sets what the example says of a deployment of your own, and nothing that the example keeps quiet', () => {
    const inCompose = new Map<string, string>();
    for (const name of JITSI) {
      for (const [variable, value] of Object.entries(compose.services[name]!.environment ?? {})) {
        const written = filled(value, FILLED);
        expect(inCompose.get(variable) ?? written, variable).toBe(written);
        inCompose.set(variable, written);
      }
    }
    for (const [variable, value] of example.set) expect(inCompose.get(variable), variable).toBe(value);
    const told = [...example.set.keys(), ...example.values.keys()];
    expect([...inCompose.keys()].filter((variable) => !told.includes(variable))).toEqual([]);
  });

  it('nobody owns a room, Jicofo checks no tokens, and a bridge that has failed is tried again within ten seconds', () => {
    expect(compose.services['jicofo']!.environment).toMatchObject({ JICOFO_ENABLE_AUTH: '0', ENABLE_AUTO_OWNER: '0' });
    expect(compose.services['prosody']!.environment).toMatchObject({
      XMPP_MODULES: 'presence_identity',
      ENABLE_LOBBY: '0',
    });
    const threshold = /jicofo \{\s+bridge \{[^}]*failure-reset-threshold = (\d+) seconds\s+\}\s+\}/s.exec(
      read('custom-jicofo.conf'),
    );
    expect(Number(threshold?.[1])).toBeLessThanOrEqual(10);
    expect(compose.services['jicofo']!.volumes).toContain('./custom-jicofo.conf:/config/custom-jicofo.conf:ro');
  });

  it('Parley accepts its settings, and they agree with those of Prosody', () => {
    const given = compose.services['parley']!.environment!;
    const settings = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, filled(value, FILLED)]));
    const known = new Set(
      [...readFileSync('docs/settings.md', 'utf8').matchAll(/`([A-Z][A-Z_]+)`/g)].map(([, name]) => name),
    );
    expect(Object.keys(settings).filter((name) => !known.has(name))).toEqual([]);
    const prosody = compose.services['prosody']!.environment!;
    const accepted = (variable: string) => filled(prosody[variable]!, FILLED);
    expect(readEnv(settings)).toMatchObject({
      host: '0.0.0.0',
      publicUrl: 'https://meet.example.org',
      proxyHops: 1,
      jitsi: {
        url: 'https://jitsi.example.org',
        xmppDomain: 'meet.jitsi',
        mucDomain: 'muc.meet.jitsi',
        focusDomain: 'focus.meet.jitsi',
        app: {
          id: accepted('JWT_ACCEPTED_ISSUERS'),
          audience: accepted('JWT_ACCEPTED_AUDIENCES'),
          secret: accepted('JWT_APP_SECRET'),
        },
      },
    });
  });

  it('every variable that docs/jitsi.md names exists', () => {
    const names = [...readFileSync('docs/jitsi.md', 'utf8').matchAll(/\b([A-Z]+(?:_[A-Z]+)+)\b/g)].map(
      ([, name]) => name!,
    );
    const settings = [...readFileSync('docs/settings.md', 'utf8').matchAll(/`([A-Z][A-Z_]+)`/g)].map(
      ([, name]) => name!,
    );
    const known = new Set([...settings, ...example.values.keys(), ...example.set.keys(), 'HUB_AS']);
    expect(names.length).toBeGreaterThan(10);
    expect([...new Set(names)].filter((name) => !known.has(name))).toEqual([]);
  });
});

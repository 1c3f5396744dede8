import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readEnv } from '@/server/env';
import { dependenciesOf, filled, readCompose } from './composeFile';
import { readYaml } from './readYaml';

const FOLDER = join(process.cwd(), 'deploy');
const read = (name: string) => readFileSync(join(FOLDER, name), 'utf8');

const [site, monitoring] = ['compose.yml', 'compose.monitoring.yml'].map((name) => readCompose(read(name)));
const services = { ...monitoring!.services, ...site!.services };
const volumes = { ...site!.volumes, ...monitoring!.volumes };
const FILLED = { PARLEY_HOST: 'meet.example.org', HUB_MEDIA_ANNOUNCED: '203.0.113.9', POSTGRES_PASSWORD: 'abc123' };

describe('Parley in containers, with PostgreSQL and what watches it', () => {
  it('every image is pinned to a version', () => {
    const images = Object.values(services).flatMap(({ image }) => image ?? []);
    expect(images).toHaveLength(Object.keys(services).length - 2);
    for (const image of images) expect(image).toMatch(/^[\w.-]+\/[\w./-]+:v?\d+\.\d+[\w.-]*$/);
  });

  it('what the services of a site and its monitoring refer to exists', () => {
    for (const [name, service] of Object.entries(services)) {
      for (const other of dependenciesOf(service)) expect(services, name).toHaveProperty(other);
      for (const volume of service.volumes ?? []) {
        const source = volume.split(':')[0]!;
        if (source.startsWith('.')) expect(existsSync(join(FOLDER, source)), source).toBe(true);
        else expect(Object.keys(volumes), name).toContain(source);
      }
      if (service.build) expect(existsSync(join(FOLDER, service.build.context, service.build.dockerfile))).toBe(true);
      const { target } = service.build ?? {};
      if (target) expect(read('Dockerfile')).toContain(` AS ${target}\n`);
    }
    expect(read('Caddyfile')).toContain('reverse_proxy parley:3000\n');
  });

  it('the example of a site’s settings holds exactly what compose asks for, and explains each', () => {
    const text = read('compose.yml') + read('compose.monitoring.yml');
    const asked = new Set(Array.from(text.matchAll(/\$\{([A-Z_]+)/g), ([, name]) => name!));
    const example = read('parley.env.example');
    const given = Array.from(example.matchAll(/^# .+\n([A-Z_]+)=/gm), ([, name]) => name!);
    expect(given.toSorted()).toEqual([...asked].sort());
    expect(example.match(/^[A-Z_]+=/gm)).toHaveLength(given.length);
  });

  it('Parley accepts the settings of its containers, and can write to nothing but its data', () => {
    const { parley, postgres } = site!.services;
    const environment = { ...parley!.environment, ...monitoring!.services['parley']!.environment };
    const settings = Object.fromEntries(
      Object.entries(environment).map(([name, value]) => [name, filled(value, FILLED)]),
    );
    const known = new Set(
      Array.from(readFileSync('docs/settings.md', 'utf8').matchAll(/`([A-Z][A-Z_]+)`/g), ([, n]) => n),
    );
    expect(Object.keys(settings).filter((name) => !known.has(name))).toEqual([]);
    expect(readEnv(settings)).toMatchObject({
      publicUrl: 'https://meet.example.org',
      proxyHops: 1,
      databaseUrl: 'postgres://parley:abc123@postgres:5432/parley',
      metricsPort: 9464,
      drainMs: 0,
      hub: { mediaPort: 10_000, mediaAnnounced: ['203.0.113.9'] },
    });
    expect(postgres!.environment).toMatchObject({ POSTGRES_USER: 'parley', POSTGRES_DB: 'parley' });
    expect(parley).toMatchObject({ read_only: true, cap_drop: ['ALL'], volumes: ['parley-data:/data'] });
    expect(parley!.ports).toEqual(['10000:10000/udp', '10000:10000/tcp']);
  });

  it('Prometheus, Alertmanager and Grafana find each other and Parley', () => {
    const prometheus = readYaml(read('prometheus/prometheus.yml')) as {
      readonly scrape_configs: readonly { readonly job_name: string }[];
    };
    const port = monitoring!.services['parley']!.environment!['METRICS_PORT'];
    expect(prometheus).toMatchObject({
      rule_files: ['rules.yml'],
      alerting: { alertmanagers: [{ static_configs: [{ targets: ['alertmanager:9093'] }] }] },
      scrape_configs: [{ static_configs: [{ targets: [`parley:${port}`] }] }],
    });
    // By this name the rules know it.
    expect(prometheus.scrape_configs[0]!.job_name).toContain('parley');
    const sources = readYaml(read('grafana/provisioning/datasources/prometheus.yml'));
    expect(sources).toMatchObject({ datasources: [{ type: 'prometheus', url: 'http://prometheus:9090' }] });
    const boards = readYaml(read('grafana/provisioning/dashboards/parley.yml')) as {
      readonly providers: readonly { readonly options: { readonly path: string } }[];
    };
    const places = monitoring!.services['grafana']!.volumes!.map((volume) => volume.split(':')[1]!);
    expect(places).toContain(`${boards.providers[0]!.options.path}/parley.json`);
  });
});

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCopy, readDockerfile } from '@/tools/drills/support/dockerfile';

const ROOT = process.cwd();
const stages = readDockerfile(readFileSync(join(ROOT, 'deploy/Dockerfile'), 'utf8'));
const last = stages.at(-1)!;
const restsOf = (instruction: string) =>
  last.steps.flatMap((step) => (step.instruction === instruction ? [step.rest] : []));
/** What the image's last stage gets, and where. */
const copies = restsOf('COPY').map(readCopy);
const copied = copies.flatMap(({ sources }) => sources.map((source) => source.replace('/parley/', '')));
const isCopied = (path: string) => copied.some((source) => path === source || path.startsWith(`${source}/`));
/** The packages that a stage uninstalls or deletes. */
const removed = stages.flatMap(({ steps }) =>
  steps.flatMap(({ rest }) =>
    Array.from(rest.matchAll(/(?:npm uninstall|rm -rf) ([^&]+)/g)).flatMap(([, words]) =>
      words!.split(' ').filter((word) => /^(?:@[a-z][\w-]*\/)?[a-z][\w-]*$/.test(word)),
    ),
  ),
);

describe('the image', () => {
  it('a Dockerfile is read as it is written', () => {
    const source = '# a\nFROM node:20 AS build\nRUN a \\\n  && b\nFROM build\nCOPY --from=build /x y/\n';
    const [build, final] = readDockerfile(source);
    expect(build).toEqual({ from: 'node:20', name: 'build', steps: [{ instruction: 'RUN', rest: 'a && b' }] });
    expect(readCopy(final!.steps[0]!.rest)).toEqual({ from: 'build', sources: ['/x'], to: 'y/' });
    expect(() => readDockerfile('hello\n')).toThrow();
  });

  it('stages follow from pinned images or from those before, and what they copy exists', () => {
    const known = new Set<string>();
    for (const { from, name, steps } of stages) {
      if (!known.has(from)) expect(from).toMatch(/^docker\.io\/library\/node:\d+\.\d+\.\d+-bookworm-slim$/);
      for (const { instruction, rest } of steps) {
        if (instruction !== 'COPY') continue;
        const { from: stage, sources } = readCopy(rest);
        if (stage !== null) expect(known).toContain(stage);
        for (const source of sources) expect(existsSync(join(ROOT, source.replace('/parley/', ''))), source).toBe(true);
      }
      if (name) known.add(name);
    }
  });

  it('the last stage has what its command starts and that imports, runs as nobody in particular, and is probed', () => {
    const [command, script] = JSON.parse(restsOf('CMD')[0]!) as string[];
    expect(command).toBe('node');
    expect(isCopied(script!)).toBe(true);
    for (const [, name] of readFileSync(join(ROOT, script!), 'utf8').matchAll(/from '\.\/(.+)'/g)) {
      expect(isCopied(`tools/run/${name}`), name).toBe(true);
    }
    for (const path of [
      '.build/server',
      '.build/third-party-notices.txt',
      '.next',
      'public',
      'package.json',
      'next.config.mjs',
    ]) {
      expect(isCopied(path), path).toBe(true);
    }
    expect(restsOf('USER').at(-1)).toBe('node');
    expect(restsOf('HEALTHCHECK')[0]).toContain('/healthz');
    expect(restsOf('VOLUME')).toEqual(['/data']);
  });

  it('the server names no package that the image leaves out', () => {
    const dependencies = Object.keys(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).dependencies);
    expect(removed).toEqual(expect.arrayContaining(['three', 'typescript']));
    expect(removed.filter((name) => !dependencies.includes(name))).toEqual([]);
    const folder = join(ROOT, '.build/server');
    const built = readdirSync(folder).filter((name) => name.endsWith('.js'));
    const code = built.map((name) => readFileSync(join(folder, name), 'utf8')).join('\n');
    expect(code).toMatch(/["']pg["']/);
    // Development alone runs the sources, by tsx.
    const named = removed.filter((name) => name !== 'tsx' && new RegExp(`["']${name}(?:/[^"']*)?["']`).test(code));
    expect(named).toEqual([]);
  });
});

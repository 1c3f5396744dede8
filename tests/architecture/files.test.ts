import { posix } from 'node:path';
import { expect, it } from 'vitest';
import { importsOf, sourcesUnder } from './imports';

const ROOT = new URL('../..', import.meta.url).pathname;
const FILES = ['lib', 'scene', 'app', 'server', 'tools'].flatMap((folder) => sourcesUnder(ROOT, folder));

const FILES_IN_FOLDER_MAX = 25;
/** Comparable codebases have 22 to 40 %. */
const ONE_IMPORTER_SHARE_MAX = 0.35;

it('no folder of the sources holds more than 25 files', () => {
  const counts = new Map<string, number>();
  for (const file of FILES) counts.set(posix.dirname(file), (counts.get(posix.dirname(file)) ?? 0) + 1);
  expect([...counts].filter(([, count]) => count > FILES_IN_FOLDER_MAX)).toEqual([]);
});

it('at most 35 % of the source files have exactly one importer', () => {
  const importers = new Map<string, Set<string>>();
  for (const file of FILES) {
    for (const { target, foreign } of importsOf(ROOT, file)) {
      if (!foreign) importers.set(target, (importers.get(target) ?? new Set()).add(file));
    }
  }
  const importerCount = (file: string) => {
    const module = file.replace(/\.(ts|tsx|mts)$/, '');
    const names = module.endsWith('/index') ? [module, posix.dirname(module)] : [module];
    return names.reduce((count, name) => count + (importers.get(name)?.size ?? 0), 0);
  };
  const single = FILES.filter((file) => importerCount(file) === 1);
  expect(single.length / FILES.length).toBeLessThanOrEqual(ONE_IMPORTER_SHARE_MAX);
});

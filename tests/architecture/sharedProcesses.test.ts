import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sourcesUnder } from './imports';

const ROOT = new URL('../..', import.meta.url).pathname;
const TESTS = sourcesUnder(ROOT, 'tests').filter((file) => /\.(test|e2e|visual)\.tsx?$/.test(file));

const filesWith = (text: string) => TESTS.filter((file) => readFileSync(join(ROOT, file), 'utf8').includes(text));

it('no test replaces a module, which the other files of its process may have loaded before', () => {
  expect(filesWith(['vi', 'mock('].join('.'))).toEqual([]);
});

it('tests that set flags of V8 are named as those that run in a process of their own', () => {
  const flagged = filesWith(['support', "allocations'"].join('/'));
  expect(flagged).not.toEqual([]);
  expect(flagged.filter((file) => !file.endsWith('Allocations.test.ts'))).toEqual([]);
});

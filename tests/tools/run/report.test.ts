import { expect, it } from 'vitest';
import { failuresOf, straysOf, timesOf } from '@/tools/run/report.mjs';

const passed = { fullName: 'adds', status: 'passed', failureMessages: [] };
const failed = {
  fullName: 'sums adds',
  status: 'failed',
  failureMessages: ['AssertionError: 3 is not 4\n  at sum.test.ts'],
};

it('the report names a failed test with its file and reason', () => {
  const report = {
    testResults: [{ name: '/here/tests/sum.test.ts', message: '', assertionResults: [passed, failed] }],
  };
  expect(failuresOf(report, '/here')).toEqual([
    'tests/sum.test.ts > sums adds\n    AssertionError: 3 is not 4\n      at sum.test.ts',
  ]);
});

it('the report names a whole file that could not run', () => {
  const broken = { name: '/here/tests/sum.test.ts', message: 'SyntaxError: x', assertionResults: [] };
  expect(failuresOf({ testResults: [broken] }, '/here')).toEqual(['tests/sum.test.ts\n    SyntaxError: x']);
});

it('the report of a run without failures is empty', () => {
  const fine = { name: '/here/tests/sum.test.ts', message: '', assertionResults: [passed] };
  expect(failuresOf({ testResults: [fine] }, '/here')).toEqual([]);
});

it('the report keeps to the first lines of a long reason', () => {
  const long = { ...failed, failureMessages: [Array.from({ length: 40 }, (_, k) => `line ${k}`).join('\n')] };
  const report = { testResults: [{ name: '/here/a.test.ts', message: '', assertionResults: [long] }] };
  expect(failuresOf(report, '/here')[0]!.split('\n')).toHaveLength(13);
});

it('the report names errors outside any test, with the test they came in where that is known', () => {
  expect(
    straysOf([
      { during: '/a.test.ts > adds', message: 'Error: late' },
      { during: '', message: 'Error' },
    ]),
  ).toEqual([
    'an error outside any test, during /a.test.ts > adds\n    Error: late',
    'an error outside any test, during the run\n    Error',
  ]);
});

it('the times of a run are those of its groups, in the order they ran, with their slowest files', () => {
  const file = (name: string, startTime: number, endTime: number) => ({
    name: `/here/tests/${name}`,
    startTime,
    endTime,
  });
  const testResults = [
    file('e2e/hub.e2e.ts', 5000, 8000),
    file('lib/a.test.ts', 0, 1000),
    file('e2e/drawn/scene.e2e.ts', 9000, 12_000),
    file('lib/b.test.ts', 500, 4500),
  ];
  expect(timesOf({ testResults }, '/here')).toEqual([
    'unit: 2 files in 4.5 s (slowest: b.test.ts 4.0, a.test.ts 1.0)',
    'tests/e2e: 1 files in 3.0 s (slowest: hub.e2e.ts 3.0)',
    'tests/e2e/drawn: 1 files in 3.0 s (slowest: scene.e2e.ts 3.0)',
  ]);
});

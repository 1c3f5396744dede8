import { describe, expect, it } from 'vitest';
import { failuresOf, straysOf } from '@/tools/run/failures.mjs';

const passed = { fullName: 'adds', status: 'passed', failureMessages: [] };
const failed = {
  fullName: 'sums adds',
  status: 'failed',
  failureMessages: ['AssertionError: 3 is not 4\n  at sum.test.ts'],
};

describe('what failed', () => {
  it('is named with its file and reason', () => {
    const report = {
      testResults: [{ name: '/here/tests/sum.test.ts', message: '', assertionResults: [passed, failed] }],
    };
    expect(failuresOf(report, '/here')).toEqual([
      'tests/sum.test.ts > sums adds\n    AssertionError: 3 is not 4\n      at sum.test.ts',
    ]);
  });

  it('is a whole file where that could not be run', () => {
    const broken = { name: '/here/tests/sum.test.ts', message: 'SyntaxError: x', assertionResults: [] };
    expect(failuresOf({ testResults: [broken] }, '/here')).toEqual(['tests/sum.test.ts\n    SyntaxError: x']);
  });

  it('is nothing where all passed', () => {
    const fine = { name: '/here/tests/sum.test.ts', message: '', assertionResults: [passed] };
    expect(failuresOf({ testResults: [fine] }, '/here')).toEqual([]);
  });

  it('keeps to the first lines of a long reason', () => {
    const long = { ...failed, failureMessages: [Array.from({ length: 40 }, (_, k) => `line ${k}`).join('\n')] };
    const report = { testResults: [{ name: '/here/a.test.ts', message: '', assertionResults: [long] }] };
    expect(failuresOf(report, '/here')[0]!.split('\n')).toHaveLength(13);
  });

  it('is also an error that no test waited for, with the test it came in where that is known', () => {
    expect(
      straysOf([
        { during: '/a.test.ts > adds', message: 'Error: late' },
        { during: '', message: 'Error' },
      ]),
    ).toEqual([
      'an error nobody waited for, during /a.test.ts > adds\n    Error: late',
      'an error nobody waited for, during the run\n    Error',
    ]);
  });
});

import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { DatabaseGate } from '@/server/store/databaseGate';
import { isDatabaseAway, unwritableError } from '@/server/store/storeError';
import { ManualClock } from '@/tests/support/manualClock';

function failure(code: string): Error {
  return new Error('wrapped', { cause: Object.assign(new Error('inner'), { code }) });
}

const never = () => new Promise<never>(() => {});

describe('DatabaseGate', () => {
  it('a database that was away is left alone for a moment, then asked again', async () => {
    const clock = new ManualClock();
    const gate = new DatabaseGate({ silenceMs: null, nowMs: () => clock.nowMs() });
    let asked = 0;
    const away = async () => {
      asked += 1;
      throw failure('ECONNREFUSED');
    };
    for (let call = 0; call < 5; call += 1)
      await expect(gate.run(away)).rejects.toMatchObject({ reason: 'unavailable' });
    expect(asked).toBe(1);
    clock.advance(500);
    expect(await gate.run(async () => 'back')).toBe('back');
  });

  it('callers do not pile up behind a database that hangs: one at a time tries whether it answers', async () => {
    let nowMs = 0;
    const gate = new DatabaseGate({ silenceMs: 20, nowMs: () => nowMs });
    let asked = 0;
    let answer: (value: string) => void = () => {};
    const hang = () => {
      asked += 1;
      return new Promise<string>((resolve) => {
        answer = resolve;
      });
    };
    const tries = (count: number) => Array.from({ length: count }, () => gate.run(hang).catch(({ reason }) => reason));
    const first = tries(40);
    nowMs += 20;
    expect(new Set(await Promise.all(first))).toEqual(new Set(['unavailable']));
    for (let round = 2; round < 5; round += 1) {
      asked = 0;
      nowMs += 500;
      const all = tries(40);
      expect(asked).toBe(1);
      nowMs += 20;
      expect(new Set(await Promise.all(all))).toEqual(new Set(['unavailable']));
    }
    nowMs += 500;
    const last = tries(2);
    answer('back');
    expect(await Promise.all(last)).toEqual(['back', 'unavailable']);
    asked = 0;
    const open = tries(40);
    expect(asked).toBe(40);
    nowMs += 20;
    await Promise.all(open);
  });

  it('an error that a database answers ends the doubt about it', async () => {
    const clock = new ManualClock();
    const gate = new DatabaseGate({ silenceMs: null, nowMs: () => clock.nowMs() });
    await expect(gate.run(() => Promise.reject(failure('ECONNREFUSED')))).rejects.toMatchObject({
      reason: 'unavailable',
    });
    clock.advance(500);
    await expect(gate.run(() => Promise.reject(failure('23505')))).rejects.toThrow('wrapped');
    expect(await Promise.all([1, 2].map((value) => gate.run(async () => value)))).toEqual([1, 2]);
  });

  it('the gate stays open for a database that answers with an error', async () => {
    const gate = new DatabaseGate({ silenceMs: null });
    await expect(gate.run(() => Promise.reject(failure('23505')))).rejects.toThrow('wrapped');
    expect(await gate.run(async () => 1)).toBe(1);
  });

  it('all callers that wait for a silent database are refused', async () => {
    const gate = new DatabaseGate({ silenceMs: 50 });
    const refusals = Array.from({ length: 5 }, () =>
      expect(gate.run(never)).rejects.toMatchObject({ reason: 'unavailable' }),
    );
    await Promise.all(refusals);
  });

  it('a slow answer is awaited as long as others arrive', async () => {
    const gate = new DatabaseGate({ silenceMs: 300 });
    let done = false;
    const slow = gate
      .run(() => sleep(900, 'slow'))
      .finally(() => {
        done = true;
      });
    while (!done) await gate.run(() => sleep(30));
    expect(await slow).toBe('slow');
  });
});

describe('what cannot be written', () => {
  it('a full disk is told apart from a database that is away, reported once a minute, and leaves the gate open', async () => {
    const clock = new ManualClock();
    const troubles: string[] = [];
    const onTrouble = ({ reason }: { reason: string }) => troubles.push(reason);
    const gate = new DatabaseGate({ silenceMs: null, nowMs: () => clock.nowMs(), onTrouble });
    const write = () => gate.run(() => Promise.reject(failure('53100')));
    for (let call = 0; call < 3; call += 1) await expect(write()).rejects.toMatchObject({ reason: 'unwritable' });
    expect(await gate.run(async () => 'read')).toBe('read');
    expect(troubles).toEqual(['unwritable']);
    clock.advance(60_000);
    await expect(write()).rejects.toMatchObject({ reason: 'unwritable' });
    expect(troubles).toEqual(['unwritable', 'unwritable']);
  });

  it.each([
    [failure('EDQUOT'), 'quota'],
    [failure('EACCES'), 'may not write'],
    [failure('25006'), 'write-protected'],
    [{ name: 'ErrnoError', errno: 51 }, 'full'],
  ])('%o is told as a sentence with what to do', (error, words) => {
    expect(unwritableError(error, 'The folder')?.message).toMatch(words);
  });
});

describe('isDatabaseAway', () => {
  it.each(['ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', '08006', '53300', '57P01'])(
    '%s means that the database is away',
    (code) => {
      expect(isDatabaseAway(failure(code))).toBe(true);
    },
  );

  it.each(['23505', '40001', '42P01', 'XX000'])(
    '%s, which a server answered, does not mean that it is away',
    (code) => {
      expect(isDatabaseAway(failure(code))).toBe(false);
    },
  );

  it('a bug in the program does not mean that the database is away', () => {
    expect(isDatabaseAway(new TypeError('undefined is not a function'))).toBe(false);
  });
});

import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { DatabaseGate } from '@/server/store/databaseGate';
import { isDatabaseAway } from '@/server/store/storeError';
import { ManualClock } from '@/tests/support/manualClock';

function failure(code: string): Error {
  return new Error('wrapped', { cause: Object.assign(new Error('inner'), { code }) });
}

const never = () => new Promise<never>(() => {});

describe('DatabaseGate', () => {
  it('asks nobody for a moment after the database was away, then asks again', async () => {
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

  it('stays open for a database that is there but refuses', async () => {
    const gate = new DatabaseGate({ silenceMs: null });
    await expect(gate.run(() => Promise.reject(failure('23505')))).rejects.toThrow('wrapped');
    expect(await gate.run(async () => 1)).toBe(1);
  });

  it('refuses everybody who waits for a database that answers nobody', async () => {
    const gate = new DatabaseGate({ silenceMs: 50 });
    const refusals = Array.from({ length: 5 }, () =>
      expect(gate.run(never)).rejects.toMatchObject({ reason: 'unavailable' }),
    );
    await Promise.all(refusals);
  });

  it('waits for a slow answer as long as others come', async () => {
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

describe('isDatabaseAway', () => {
  it.each(['ECONNREFUSED', 'EPIPE', 'ETIMEDOUT', '08006', '53300', '57P01'])('is so for %s', (code) => {
    expect(isDatabaseAway(failure(code))).toBe(true);
  });

  it.each(['23505', '40001', '42P01', 'XX000'])('is not so for %s, which a server answered', (code) => {
    expect(isDatabaseAway(failure(code))).toBe(false);
  });

  it('is not so for a fault in the program', () => {
    expect(isDatabaseAway(new TypeError('undefined is not a function'))).toBe(false);
  });
});

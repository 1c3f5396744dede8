import { describe, expect, it } from 'vitest';
import { silentLog } from '@/lib/core/log';
import { Outbox, TEST_PREFIX } from '@/server/outbox/outbox';
import type { AttemptOutcome, WebhookRequest } from '@/server/outbox/webhookRequest';
import { StoreError } from '@/server/store/storeError';
import { ManualClock } from '@/tests/support/manualClock';
import { MemoryOutboxStore } from '@/tests/support/memoryOutboxStore';

const START_MS = Date.UTC(2030, 0, 1);
const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;
const message = (id: string, subject = id) => ({
  id,
  url: 'https://receiver.test/hook',
  subject,
  body: `{"id":"${id}"}`,
});
const FAILED: AttemptOutcome = { kind: 'failed', why: 'away', retryAfterMs: null };

function createWorld() {
  const clock = new ManualClock(START_MS);
  let isAway = false;
  const store = new MemoryOutboxStore(() => {
    if (isAway) throw new StoreError('unavailable', 'away');
  });
  const attempts: { readonly id: string; readonly atS: number }[] = [];
  const outcomes: string[] = [];
  const world = {
    answer: { kind: 'delivered' } as AttemptOutcome,
    store,
    clock,
    attempts,
    outcomes,
    setDatabaseAway: (value: boolean) => {
      isAway = value;
    },
    open: () =>
      new Outbox({
        store,
        clock,
        random: () => 0.5,
        log: silentLog,
        send: async ({ id }: WebhookRequest) => {
          attempts.push({ id, atS: (clock.nowMs() - START_MS) / SECOND_MS });
          return world.answer;
        },
        onOutcome: (kind) => outcomes.push(kind),
      }),
    /** Lets time pass, with a look at every step. */
    pass: async (outbox: Outbox, totalMs: number, stepMs: number) => {
      for (let passedMs = 0; passedMs < totalMs; passedMs += stepMs) {
        clock.advance(stepMs);
        await outbox.deliver();
      }
    },
  };
  return world;
}

describe('the outbox', () => {
  it('a message is delivered once, at once', async () => {
    const world = createWorld();
    const outbox = world.open();
    await outbox.add([message('a'), message('b')]);
    await outbox.deliver();
    await world.pass(outbox, 10 * SECOND_MS, SECOND_MS);
    expect(world.attempts.map(({ id }) => id).sort()).toEqual(['a', 'b']);
    expect(await world.store.queue()).toEqual({ depth: 0, oldestAtMs: null });
  });

  it('a receiver that is away is tried again for three days at growing pauses, always by the same id, and then given up', async () => {
    const world = createWorld();
    world.answer = FAILED;
    const outbox = world.open();
    await outbox.add([message('a')]);
    await outbox.deliver();
    await world.pass(outbox, 60 * SECOND_MS, SECOND_MS);
    await world.pass(outbox, 100 * HOUR_MS, 60 * SECOND_MS);
    const pauses = world.attempts.slice(1).map(({ atS }, k) => atS - world.attempts[k]!.atS);
    const planned = [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400];
    expect(pauses).toHaveLength(planned.length);
    for (const [k, pause] of pauses.entries()) expect(Math.abs(pause - planned[k]!)).toBeLessThanOrEqual(60);
    expect(new Set(world.attempts.map(({ id }) => id))).toEqual(new Set(['a']));
    expect(world.outcomes.at(-1)).toBe('givenUp');
    expect((await world.store.queue()).depth).toBe(0);
  });

  it('a receiver that asks to wait is left alone for that long, and one that wants no more gets no more', async () => {
    const world = createWorld();
    world.answer = { kind: 'failed', why: 'busy', retryAfterMs: 100 * SECOND_MS };
    const outbox = world.open();
    await outbox.add([message('a')]);
    await outbox.deliver();
    await world.pass(outbox, 99 * SECOND_MS, SECOND_MS);
    expect(world.attempts).toHaveLength(1);
    world.answer = { kind: 'unwanted' };
    await world.pass(outbox, 5 * SECOND_MS, SECOND_MS);
    await world.pass(outbox, HOUR_MS, 60 * SECOND_MS);
    expect(world.attempts).toHaveLength(2);
  });

  it('a process that ends in the middle of an attempt leaves the message to the next one', async () => {
    const world = createWorld();
    await world.store.add([message('a')], world.clock.nowMs());
    // It has taken the message, and is killed before it knows what became of it.
    await world.store.take(world.clock.nowMs(), world.clock.nowMs() + 30 * SECOND_MS, 8);
    const next = world.open();
    await world.pass(next, 29 * SECOND_MS, SECOND_MS);
    expect(world.attempts).toEqual([]);
    await world.pass(next, 2 * SECOND_MS, SECOND_MS);
    expect(world.attempts.map(({ id }) => id)).toEqual(['a']);
  });

  it('while the database is away messages go from memory, once, and what they say of an alert is kept when it is back', async () => {
    const world = createWorld();
    const outbox = world.open();
    world.setDatabaseAway(true);
    const alert = { fingerprint: 'f', instance: 'i', labels: {}, annotations: {}, startsAtMs: START_MS };
    await outbox.add([message('a')], { kind: 'fires', alert });
    await world.pass(outbox, 5 * SECOND_MS, SECOND_MS);
    expect(world.attempts.map(({ id }) => id)).toEqual(['a']);
    world.setDatabaseAway(false);
    await world.pass(outbox, 60 * SECOND_MS, SECOND_MS);
    expect(world.attempts).toHaveLength(1);
    expect(await world.store.firing('i')).toEqual([alert]);
    expect((await world.store.queue()).depth).toBe(0);
  });

  it('a message that failed while the database was away is kept when it is back, with its attempts', async () => {
    const world = createWorld();
    const outbox = world.open();
    world.setDatabaseAway(true);
    world.answer = FAILED;
    await outbox.add([message('a')]);
    await world.pass(outbox, 8 * SECOND_MS, SECOND_MS);
    expect(world.attempts).toHaveLength(2);
    world.setDatabaseAway(false);
    await world.pass(outbox, 2 * SECOND_MS, SECOND_MS);
    expect((await world.store.queue()).depth).toBe(1);
    world.answer = { kind: 'delivered' };
    await world.pass(outbox, 310 * SECOND_MS, 5 * SECOND_MS);
    expect(world.attempts).toHaveLength(3);
    expect((await world.store.queue()).depth).toBe(0);
  });

  it('an alert that ends as the database comes back has ended there as well', async () => {
    const world = createWorld();
    const outbox = world.open();
    world.setDatabaseAway(true);
    const alert = { fingerprint: 'f', instance: 'i', labels: {}, annotations: {}, startsAtMs: START_MS };
    await outbox.add([message('a')], { kind: 'fires', alert });
    await world.pass(outbox, 5 * SECOND_MS, SECOND_MS);
    world.setDatabaseAway(false);
    await outbox.add([message('b')], { kind: 'ends', fingerprint: 'f' });
    await world.pass(outbox, 5 * SECOND_MS, SECOND_MS);
    expect(world.attempts.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(await world.store.firing('i')).toEqual([]);
    expect((await world.store.queue()).depth).toBe(0);
  });

  it.each([false, true])('the end of an alert never overtakes it (database away: %s)', async (isAway) => {
    const world = createWorld();
    world.answer = FAILED;
    const outbox = world.open();
    world.setDatabaseAway(isAway);
    await outbox.add([message('fires', 'f')]);
    await world.pass(outbox, 20 * SECOND_MS, SECOND_MS);
    world.answer = { kind: 'delivered' };
    await outbox.add([message('ends', 'f'), message('other')]);
    await world.pass(outbox, 600 * SECOND_MS, SECOND_MS);
    expect(world.attempts.slice(2).map(({ id }) => id)).toEqual(['other', 'fires', 'ends']);
  });

  it('a test whose receiver is not there is given up within seconds, and leaves nothing behind', async () => {
    const world = createWorld();
    world.answer = FAILED;
    const outbox = world.open();
    await outbox.add([message(`${TEST_PREFIX}a`)]);
    await world.pass(outbox, 10 * SECOND_MS, SECOND_MS);
    expect(world.attempts).toHaveLength(2);
    expect(world.outcomes.at(-1)).toBe('givenUp');
    expect((await world.store.queue()).depth).toBe(0);
  });
});

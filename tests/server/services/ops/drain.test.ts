import { describe, expect, it } from 'vitest';
import { silentLog } from '@/lib/core/log';
import { Drain } from '@/server/services/ops/drain';
import { ManualScheduler } from '@/tests/support/manualScheduler';

const PEOPLE = { meetings: 1, participants: 1, spectators: 0 };
const WATCHED = { meetings: 1, participants: 0, spectators: 1 };
const NOBODY = { meetings: 0, participants: 0, spectators: 0 };

function world(census: typeof NOBODY | Error) {
  const scheduler = new ManualScheduler();
  let now = census;
  const count = async () => {
    if (now instanceof Error) throw now;
    return now;
  };
  const announced: number[] = [];
  const announce = (inMs: number) => announced.push(inMs);
  const drain = new Drain({ census: count, announce, scheduler, log: silentLog });
  let isOver = false;
  const begin = (maxMs: number) => {
    void drain.untilEmpty(maxMs).then(() => {
      isOver = true;
    });
  };
  const pass = async (spanMs: number) => {
    for (let leftMs = spanMs; leftMs > 0; leftMs -= 1000) {
      scheduler.runFor(Math.min(leftMs, 1000));
      await new Promise(setImmediate);
    }
  };
  return { drain, announced, begin, pass, isOver: () => isOver, change: (to: typeof now) => (now = to) };
}

describe('a drain', () => {
  it('a drain begins at once, and is over when the last one has left', async () => {
    const { drain, announced, begin, pass, isOver, change } = world(PEOPLE);
    expect(drain.isOn).toBe(false);
    begin(60_000);
    expect(drain.isOn).toBe(true);
    expect(announced).toEqual([60_000]);
    await pass(10_000);
    change(WATCHED);
    await pass(10_000);
    expect(isOver()).toBe(false);
    change(NOBODY);
    await pass(2_000);
    expect(isOver()).toBe(true);
  });

  it('a drain ends after its time, whoever is there', async () => {
    const { begin, pass, isOver } = world(PEOPLE);
    begin(3_500);
    await pass(3_000);
    expect(isOver()).toBe(false);
    await pass(1_000);
    expect(isOver()).toBe(true);
  });

  it('a drain of no time is over at once', async () => {
    const { announced, begin, isOver } = world(PEOPLE);
    begin(0);
    await new Promise(setImmediate);
    expect(isOver()).toBe(true);
    expect(announced).toEqual([]);
  });

  it('a database that is away leaves nobody out of count', async () => {
    const { begin, pass, isOver, change } = world(new Error('away'));
    begin(60_000);
    await pass(5_000);
    expect(isOver()).toBe(false);
    change(NOBODY);
    await pass(2_000);
    expect(isOver()).toBe(true);
  });

  it('operators begin a drain and end it, unless the process is about to end', () => {
    const { drain, begin, announced } = world(PEOPLE);
    drain.begin();
    expect([drain.isOn, announced]).toEqual([true, []]);
    drain.end();
    expect(drain.isOn).toBe(false);
    begin(60_000);
    drain.end();
    expect(drain.isOn).toBe(true);
  });
});

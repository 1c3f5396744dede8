import { beforeEach, describe, expect, it } from 'vitest';
import { ChannelRemedies } from '@/lib/transport/channelRemedies';
import { ManualClock } from '@/tests/support/manualClock';

let clock: ManualClock;
let remedies: ChannelRemedies;

/** Asks every 250 ms for `ms`. Returns what is done, each with the time in seconds. */
function ask(ms: number, mayRestart: boolean): string[] {
  const done: string[] = [];
  for (let atMs = 0; atMs < ms; atMs += 250) {
    const remedy = remedies.next(mayRestart);
    if (remedy !== 'wait') done.push(`${remedy} ${atMs / 1000}`);
    clock.advance(250);
  }
  return done;
}

describe('remedies for a bridge channel in trouble', () => {
  beforeEach(() => {
    clock = new ManualClock(1_000);
    remedies = new ChannelRemedies(clock);
  });

  it('T-53 a fresh session comes first, at most one in five seconds and five in a minute', () => {
    const done = ask(70_000, true);
    expect(done.slice(0, 5)).toEqual([0, 5, 10, 15, 20].map((s) => `restart ${s}`));
    expect(done.slice(5)).toEqual([
      'relink 20.25',
      'relink 25.25',
      'relink 35.25',
      'relink 55.25',
      'restart 60',
      'restart 65',
    ]);
  });

  it('T-54 fresh links come at once, then after pauses that double up to a minute', () => {
    expect(ask(240_000, false)).toEqual([0, 5, 15, 35, 75, 135, 195].map((s) => `relink ${s}`));
  });

  it('T-54 after two minutes without a fresh link the next one comes at once, and so does the one after five seconds', () => {
    ask(60_000, false);
    clock.advance(120_000);
    expect(ask(10_000, false)).toEqual(['relink 0', 'relink 5']);
  });
});

import { beforeEach, describe, expect, it } from 'vitest';
import { SignallingWatch } from '@/lib/transport/signallingWatch';
import { ManualClock } from '@/tests/support/manualClock';

let clock: ManualClock;
let watch: SignallingWatch;

function pass(ms: number): void {
  for (let atMs = 0; atMs < ms; atMs += 250) {
    clock.advance(250);
    watch.tick();
  }
}

const judged = () => [watch.isMissed, watch.isGivenUp];

describe('watch over the XMPP connection of a link', () => {
  beforeEach(() => {
    clock = new ManualClock(9_000);
    watch = new SignallingWatch(clock);
  });

  it('T-55 a connection that is up is neither missed nor given up', () => {
    pass(60_000);
    expect(judged()).toEqual([false, false]);
  });

  it('T-55 a connection that is cut is missed within two seconds', () => {
    watch.signalling(false);
    pass(1_250);
    expect(judged()).toEqual([false, false]);
    pass(500);
    expect(judged()).toEqual([true, false]);
    watch.signalling(true);
    expect(judged()).toEqual([false, false]);
  });

  it('T-56 a connection that is cut for five seconds is given up', () => {
    watch.signalling(false);
    pass(4_750);
    expect(judged()).toEqual([true, false]);
    pass(250);
    expect(judged()).toEqual([true, true]);
  });

  it('T-56 sleep does not count as a cut', () => {
    watch.signalling(false);
    clock.advance(600_000);
    watch.tick();
    expect(judged()).toEqual([false, false]);
  });

  it('T-56 a link that is down for good is given up at once, whatever it says then', () => {
    watch.end();
    watch.signalling(true);
    expect(judged()).toEqual([true, true]);
  });
});

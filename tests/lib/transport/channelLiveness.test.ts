import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { ChannelLiveness, LIVENESS_TICK_MS } from '@/lib/transport/channelLiveness';
import { ManualClock } from '@/tests/support/manualClock';

let clock: ManualClock;
let liveness: ChannelLiveness;

/** Lets `ms` pass in ticks. Returns the verdicts other than `fine`, each with the time since the call. */
function pass(ms: number, onAsk: () => void = () => {}, tickMs = LIVENESS_TICK_MS): string[] {
  const told: string[] = [];
  for (let atMs = tickMs; atMs <= ms; atMs += tickMs) {
    clock.advance(tickMs);
    const verdict = liveness.check();
    if (verdict !== 'fine') told.push(`${verdict} ${atMs}`);
    if (verdict === 'ask') onAsk();
    if (verdict === 'dead') break;
  }
  return told;
}

const echo = () => liveness.heard(true);

/** A channel that has returned an echo. */
function openProven(): void {
  liveness.opened();
  expect(liveness.check()).toBe('ask');
  echo();
}

describe('liveness of a bridge channel', () => {
  beforeEach(() => {
    clock = new ManualClock(1_000);
    liveness = new ChannelLiveness(clock);
  });

  it('T-40 a channel is asked for an echo as soon as it opens, and again in every silence', () => {
    openProven();
    expect(pass(2_000, echo)).toEqual(['ask 500', 'ask 1000', 'ask 1500', 'ask 2000']);
  });

  it('T-40 a channel is not asked for an echo while other messages arrive', () => {
    openProven();
    for (let k = 0; k < 40; k += 1) {
      expect(pass(LIVENESS_TICK_MS)).toEqual([]);
      liveness.heard(false);
    }
  });

  it('T-40 a channel that was asked and stays silent is dead within two seconds', () => {
    openProven();
    expect(pass(5_000)).toEqual(['ask 500', 'ask 1000', 'dead 1500']);
  });

  it('T-40 any message counts as an answer, even that of another endpoint', () => {
    openProven();
    expect(pass(1_250)).toEqual(['ask 500', 'ask 1000']);
    liveness.heard(false);
    expect(pass(1_250)).toEqual(['ask 500', 'ask 1000']);
  });

  it('T-41 silence is not judged, and isJudging is false, as long as no echo has ever come back', () => {
    liveness.opened();
    expect(liveness.isJudging).toBe(false);
    expect(pass(60_000)).not.toContain(expect.stringContaining('dead'));
    liveness.heard(false);
    expect(liveness.isJudging).toBe(false);
    expect(pass(60_000).some((told) => told.startsWith('dead'))).toBe(false);
    echo();
    expect(liveness.isJudging).toBe(true);
  });

  it('T-41 a channel that never answers is rarely asked', () => {
    liveness.opened();
    expect(pass(60_000).length).toBeLessThanOrEqual(3);
  });

  it('T-41 the next channel is judged by the echoes of the previous one, once', () => {
    openProven();
    pass(5_000);
    liveness.opened();
    liveness.check();
    expect(pass(5_000).at(-1)).toMatch(/^dead/);
    liveness.opened();
    expect(liveness.isJudging).toBe(false);
    expect(pass(5_000).some((told) => told.startsWith('dead'))).toBe(false);
  });

  it('T-42 sleep does not count as silence: afterwards a channel is asked and has time to answer', () => {
    openProven();
    clock.advance(600_000);
    expect(liveness.check()).toBe('fine');
    expect(pass(1_000).some((told) => told.startsWith('dead'))).toBe(false);
    echo();
    expect(pass(1_000)).toEqual(['ask 500', 'ask 1000']);
  });

  it('T-42 a dead channel is found even if checks come late, as in a hidden page', () => {
    openProven();
    expect(pass(20_000, () => {}, 1_000)).toEqual(['ask 5000', 'ask 10000', 'dead 15000']);
  });

  it('T-42 a busy machine, whose checks come late and which reads messages late, is not taken for a silent channel', () => {
    openProven();
    // A check every 450 ms, and the answer to each request four checks later.
    expect(pass(1_800, () => {}, 450).some((told) => told.startsWith('dead'))).toBe(false);
    echo();
    expect(pass(1_800, () => {}, 450).some((told) => told.startsWith('dead'))).toBe(false);
  });

  it('T-42 a check that comes a little late counts less by that', () => {
    openProven();
    expect(pass(5_000, () => {}, 350).at(-1)).toBe('dead 2100');
  });

  it('T-42 a channel that was not asked is never dead, whatever the clock does', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(5_000), { maxLength: 60 }), (steps) => {
        clock = new ManualClock();
        liveness = new ChannelLiveness(clock);
        openProven();
        let asked = 0;
        for (const stepMs of steps) {
          clock.advance(stepMs);
          const verdict = liveness.check();
          if (verdict === 'ask') asked += 1;
          if (verdict === 'dead') {
            expect(asked).toBeGreaterThanOrEqual(1);
            return;
          }
        }
      }),
    );
  });

  it('T-42 ask leads to a verdict within little more than a second', () => {
    openProven();
    liveness.ask();
    const told = pass(3_000);
    expect(told[0]).toBe(`ask ${LIVENESS_TICK_MS}`);
    expect(told.at(-1)).toBe('dead 1000');
  });
});

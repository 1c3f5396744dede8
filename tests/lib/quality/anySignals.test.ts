import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LIVELY_FACTOR, poseShareBps, wireBpsOf } from '@/lib/quality/budget';
import { RECOVER_AFTER_MS } from '@/lib/quality/pathPolicy';
import type { QualitySignals } from '@/lib/quality/quality';
import { QualityController } from '@/lib/quality/qualityController';
import { framesPerPacket, LADDER, LOWEST_RUNG, tierForSeated } from '@/lib/quality/tiers';

const measure = fc.oneof(fc.double(), fc.double({ min: 0, max: 100_000, noNaN: true }));
const maybe = (value: fc.Arbitrary<number>) => fc.option(value, { nil: null });
const report = fc.record({
  ageMs: fc.oneof(fc.integer({ min: 0, max: 3_000 }), fc.double()),
  lostShare: fc.oneof(fc.constantFrom(0, 0, 0.2), fc.double()),
});

/** Any signals, valid or not, up to 3 s apart. */
const heard = fc.record({
  stepMs: fc.oneof(fc.constant(500), fc.integer({ min: 0, max: 3_000 })),
  seated: fc.integer({ min: 1, max: 16 }),
  bandwidthMaxBps: fc.oneof(fc.constant(1_500_000), measure),
  backlogBytes: maybe(measure),
  reports: fc.array(report, { maxLength: 15 }),
  othersAgeMs: maybe(measure),
  downlinkBps: maybe(measure),
  wireBps: measure,
  isHidden: fc.boolean(),
  frameMs: maybe(measure),
});

const stories = fc.array(heard, { minLength: 1, maxLength: 200 });

function* decisionsOf(story: ReadonlyArray<typeof heard extends fc.Arbitrary<infer One> ? One : never>, seed: number) {
  const controller = new QualityController(seed);
  let nowMs = 0;
  for (const { stepMs, ...part } of story) {
    nowMs += stepMs;
    const signals: QualitySignals = { ...part, nowMs, base: tierForSeated(part.seated) };
    yield { signals, choice: controller.decide(signals) };
  }
}

describe('the quality controller under any signals', () => {
  it('Q-1 Q-2 any signals lead to a rung of the ladder, with its frames a packet', () => {
    fc.assert(
      fc.property(stories, fc.integer(), (story, seed) => {
        for (const { choice } of decisionsOf(story, seed)) {
          expect(LADDER).toContain(choice.tier);
          expect(choice.framesPerPacket).toBe(framesPerPacket(choice.tier));
        }
      }),
    );
  });

  it('Q-20 any signals lead to a planned cost within the budget, except at the lowest rung', () => {
    fc.assert(
      fc.property(stories, fc.integer(), (story, seed) => {
        for (const { signals, choice } of decisionsOf(story, seed)) {
          const { bandwidthMaxBps, seated } = signals;
          const isKnown = Number.isFinite(bandwidthMaxBps) && bandwidthMaxBps >= 0;
          const shareBps = poseShareBps(isKnown ? bandwidthMaxBps : 1_500_000, seated);
          if (choice.tier === LADDER[LOWEST_RUNG]) continue;
          expect(wireBpsOf(choice.tier, LIVELY_FACTOR)).toBeLessThanOrEqual(shareBps);
        }
      }),
    );
  });

  it('Q-35 a sender never steps up twice within the shortest wait', () => {
    fc.assert(
      fc.property(stories, fc.integer(), (story, seed) => {
        const shown = story.map((part) => ({ ...part, isHidden: false, frameMs: null, seated: 4 }));
        let rung: number | null = null;
        let roseAtMs = Number.NEGATIVE_INFINITY;
        for (const { signals, choice } of decisionsOf(shown, seed)) {
          const next = LADDER.indexOf(choice.tier);
          if (rung !== null && next > rung) {
            expect(next).toBe(rung + 1);
            expect(signals.nowMs - roseAtMs).toBeGreaterThanOrEqual(0.8 * RECOVER_AFTER_MS);
            roseAtMs = signals.nowMs;
          }
          rung = next;
        }
      }),
    );
  });
});

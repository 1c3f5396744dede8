import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isPoseDue } from '@/scene/frame/detailTiers';

/** How many poses are due in `frames` frames `frameMs` apart. */
function posesIn(frames: number, frameMs: number, intervalMs: number, phase: number): number {
  let lastMs = Number.NaN;
  let count = 0;
  for (let frame = 0; frame < frames; frame += 1) {
    const nowMs = frame * frameMs;
    if (!isPoseDue(lastMs, nowMs, intervalMs, phase)) continue;
    lastMs = nowMs;
    count += 1;
  }
  return count;
}

describe('isPoseDue', () => {
  it('is due once an interval where frames come faster, and at every frame where they do not', () => {
    expect(posesIn(600, 1000 / 60, 66, 0.3)).toBeCloseTo(10_000 / 66, -1);
    expect(posesIn(60, 110, 66, 0.3)).toBe(60);
    expect(posesIn(60, 16, 0, 0.3)).toBe(60);
  });

  it('spreads people over the frames of an interval', () => {
    const phases = Array.from({ length: 200 }, (_, i) => i / 200);
    for (let frame = 1; frame < 20; frame += 1) {
      const [lastMs, nowMs] = [((frame - 1) * 1000) / 60, (frame * 1000) / 60];
      const due = phases.filter((phase) => isPoseDue(lastMs, nowMs, 66, phase)).length;
      expect(due).toBeGreaterThan(40);
      expect(due).toBeLessThan(62);
    }
  });

  it('never waits longer than an interval', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e7, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 200 }),
        (lastMs, phase, intervalMs) => {
          expect(isPoseDue(lastMs, lastMs + intervalMs + 0.001, intervalMs, phase)).toBe(true);
        },
      ),
    );
  });
});

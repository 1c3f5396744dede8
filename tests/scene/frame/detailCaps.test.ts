import { describe, expect, it } from 'vitest';
import { type CapsState, CapsWatch, capsAt, FIRST_CAPS, nextCaps } from '@/scene/frame/detailCaps';

const PACE = { slowFrameMs: 24, fastFrameMs: 17.6 };
const SECOND = 1000;

function after(seconds: number, frameMs: number, cpuMs: number, from: CapsState = FIRST_CAPS): CapsState {
  let state = from;
  for (let i = 0; i < seconds; i += 1) state = nextCaps(state, frameMs, cpuMs, SECOND, PACE);
  return state;
}

describe('nextCaps', () => {
  it('slow frames or a busy main thread lower the caps, but never below half', () => {
    for (const [frameMs, cpuMs] of [
      [40, 1],
      [16, 12],
    ] as const) {
      expect(after(1, frameMs, cpuMs).share).toBeLessThan(FIRST_CAPS.share);
      expect(after(60, frameMs, cpuMs).share).toBe(0.5);
    }
    expect(capsAt(0.5)).toEqual({ full: 4, swinging: 4, half: 12, low: 32, triangles: 275_000 });
  });

  it('caps stay as they are on a machine that just keeps up', () => {
    const lowered = after(3, 40, 1);
    expect(after(60, 20, 6, lowered).share).toBe(lowered.share);
  });

  it('caps rise after four easy seconds, up to the first ones', () => {
    const lowered = after(20, 40, 1);
    expect(after(3, 16.7, 1, lowered).share).toBe(0.5);
    expect(after(4, 16.7, 1, lowered).share).toBeGreaterThan(0.5);
    expect(after(300, 16.7, 1, lowered).share).toBe(FIRST_CAPS.share);
  });

  it('caps wait twice as long after a raise that was too much', () => {
    const raised = after(4, 16.7, 1, after(20, 40, 1));
    const fallen = after(1, 40, 1, raised);
    expect(after(7, 16.7, 1, fallen).share).toBe(fallen.share);
    expect(after(8, 16.7, 1, fallen).share).toBeGreaterThan(fallen.share);
  });

  it('caps never allow more triangles than designed', () => {
    expect(capsAt(3).triangles).toBe(capsAt(1).triangles);
    expect(capsAt(1).triangles).toBeLessThanOrEqual(600_000);
  });
});

describe('CapsWatch', () => {
  function run(watch: CapsWatch, frames: number, frameMs: number, cpuMs: number, fromMs = 0): number {
    for (let i = 0; i < frames; i += 1) watch.note(fromMs + i * frameMs, cpuMs);
    return fromMs + frames * frameMs;
  }

  it('caps follow measured frames, once a second', () => {
    const watch = new CapsWatch(PACE);
    const before = watch.caps;
    const nowMs = run(watch, 20, 33, 2);
    expect(watch.caps).toBe(before);
    run(watch, 20, 33, 2, nowMs);
    expect(watch.caps.full).toBeLessThan(before.full);
  });

  it('a hidden tab does not count as a slow frame', () => {
    const watch = new CapsWatch(PACE);
    const before = watch.caps;
    run(watch, 10, 5000, 2);
    expect(watch.caps).toBe(before);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FrameRing } from '@/lib/playout/frameRing';
import { createPose } from '@/lib/pose/pose';

describe('the ring of frames', () => {
  function timesOf(ring: FrameRing): number[] {
    return Array.from({ length: ring.count }, (_, index) => ring.at(index).timeMs);
  }

  it('the frame ring keeps the newest frames sorted, whatever order they came in', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(100), { maxLength: 60 }), (times) => {
        const ring = new FrameRing(8);
        const pose = createPose();
        for (const timeMs of times) {
          pose.values[0] = timeMs;
          ring.insert(pose, timeMs);
        }
        const kept = timesOf(ring);
        expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b));
        expect(kept).toHaveLength(Math.min(8, new Set(times).size));
        for (let index = 0; index < ring.count; index += 1) expect(ring.at(index).pose.values[0]).toBe(kept[index]);
      }),
    );
  });

  it('a full frame ring drops the oldest frame', () => {
    const ring = new FrameRing(3);
    expect([10, 20, 30, 40].map((timeMs) => ring.insert(createPose(), timeMs))).toEqual([true, true, true, true]);
    expect(timesOf(ring)).toEqual([20, 30, 40]);
    expect(ring.insert(createPose(), 15)).toBe(false);
    expect(ring.insert(createPose(), 30)).toBe(false);
    expect(ring.newestMs).toBe(40);
  });

  it('the frame ring finds the frames around a time', () => {
    const ring = new FrameRing(4);
    for (const timeMs of [10, 20, 30]) ring.insert(createPose(), timeMs);
    expect([5, 10, 15, 30, 99].map((timeMs) => ring.indexAfter(timeMs))).toEqual([0, 1, 1, 3, 3]);
  });
});

import { describe, expect, it } from 'vitest';
import { framesPerPacket } from '@/lib/quality/framesPerPacket';
import { LADDER } from '@/lib/quality/ladder';

describe('frames in a packet', () => {
  it.each([
    [30, 0, 1],
    [30, 1, 1],
    [30, 2, 2],
    [30, 6, 2],
    [30, 7, 3],
    [30, 9, 3],
    [20, 9, 2],
    [10, 9, 1],
    [5, 9, 1],
  ])('Q-2 at %i fps and compression %i: %i', (fps, compression, frames) => {
    expect(framesPerPacket({ fps, compression })).toBe(frames);
  });

  it('Q-2 never span more than 100 ms, but where a single frame does', () => {
    for (const tier of LADDER) {
      const frames = framesPerPacket(tier);
      expect(frames === 1 || frames / tier.fps <= 0.1).toBe(true);
    }
  });
});

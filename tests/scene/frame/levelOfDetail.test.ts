import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LEVEL_COUNT } from '@/lib/avatarFile/decode/meshLevels';
import { distancesToPixels, nextLevel } from '@/scene/frame/detailTiers';

describe('level of detail', () => {
  it('halves the pixels of a person where the distance doubles', () => {
    const pixels = Float64Array.of(2, 4);
    distancesToPixels(pixels, { heightPx: 900, fov: 40, coarseness: 1 });
    expect(pixels[1]).toBeCloseTo(pixels[0]! / 2, 9);
  });

  it('counts people who are very near as 10 cm away', () => {
    const pixels = Float64Array.of(0, 0.1);
    distancesToPixels(pixels, { heightPx: 900, fov: 40, coarseness: 1 });
    expect(pixels[0]).toBe(pixels[1]);
  });

  it('is coarser the smaller a person is', () => {
    const levels = [2000, 300, 100, 40].map((pixels) => nextLevel(0, pixels, 1));
    expect(levels).toEqual([0, 1, 2, 3]);
  });

  it('does not flicker at a border: a change is not undone by the same size', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: LEVEL_COUNT - 1 }),
        fc.double({ min: 10, max: 2000, noNaN: true }),
        (level, pixels) => {
          const next = nextLevel(level, pixels, 1);
          expect(nextLevel(next, pixels, 1)).toBe(next);
        },
      ),
    );
  });
});

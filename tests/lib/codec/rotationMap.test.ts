import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { exactRotation, nearestRotationVector } from '@/lib/codec/rotationMap';
import { angleBetweenQuats, expQuat } from '@/lib/pose/quat';

const part = fc.double({ min: -6, max: 6, noNaN: true });
const vector = fc.tuple(part, part, part);

describe('rotation vectors', () => {
  it('C-20: the exact map is the exponential map, at unit length', () => {
    fc.assert(
      fc.property(vector, ([x, y, z]) => {
        const exact = new Float64Array(4);
        const expected = new Float64Array(4);
        exactRotation(Float64Array.of(x, y, z), 0, 1, exact, 0);
        expQuat([x, y, z], 0, expected, 0);
        expect(Math.hypot(...exact)).toBeCloseTo(1, 12);
        for (let k = 0; k < 4; k += 1) expect(Math.abs(exact[k]! - expected[k]!)).toBeLessThan(1e-9);
      }),
    );
  });

  it('C-20: these rotation vectors give exactly these numbers', () => {
    const out = new Float64Array(4);
    exactRotation(Float64Array.of(9, 1, -2, 0.5), 1, 1, out, 0);
    expect(Array.from(out)).toEqual([
      0.39758247067457725, -0.7951649413491545, 0.19879123533728862, 0.4124596220414425,
    ]);
    exactRotation(new Float64Array(3), 0, 1, out, 0);
    expect(Array.from(out)).toEqual([0, 0, 0, 1]);
  });

  it('the logarithm gives the same rotation back, by the nearer way, never far beyond half a turn', () => {
    fc.assert(
      fc.property(vector, vector, (wanted, near) => {
        const q = new Float64Array(4);
        const again = new Float64Array(4);
        const out = new Float64Array(3);
        exactRotation(Float64Array.from(wanted), 0, 1, q, 0);
        nearestRotationVector(q, Float64Array.from(near), 0, out);
        exactRotation(out, 0, 1, again, 0);
        expect(angleBetweenQuats(q, 0, again, 0)).toBeLessThan(1e-6);
        expect(Math.hypot(...out)).toBeLessThanOrEqual(1.45 * Math.PI + 1e-9);
      }),
    );
  });

  it('the logarithm follows a slow turn past half a turn without a jump', () => {
    const last = new Float64Array(3);
    const q = new Float64Array(4);
    for (let angle = 0; angle < 1.4 * Math.PI; angle += 0.05) {
      exactRotation(Float64Array.of(0, angle, 0), 0, 1, q, 0);
      nearestRotationVector(q, last.slice(), 0, last);
      expect(last[1]).toBeCloseTo(angle, 6);
    }
  });
});

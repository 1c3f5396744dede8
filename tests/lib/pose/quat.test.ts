import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  angleBetweenQuats,
  conjugateQuat,
  copyQuat,
  type EulerOrder,
  expQuat,
  logQuat,
  mulConjugateQuat,
  mulQuat,
  nlerpQuat,
  normalizeQuat,
  quatFromAngles,
  quatFromAxisAngle,
  quatFromEuler,
  quatFromUnitVectors,
  rotateVector,
  slerpQuat,
} from '@/lib/pose/quat';

const component = fc.double({ min: -1, max: 1, noNaN: true });

/** Any rotation: four components in a ball, scaled to unit length. */
const rotation = fc
  .tuple(component, component, component, component)
  .filter((q) => Math.hypot(...q) > 0.1)
  .map((q) => {
    normalizeQuat(q, 0);
    return q as number[];
  });

const direction = fc
  .tuple(component, component, component)
  .filter((v) => Math.hypot(...v) > 0.1)
  .map((v) => v.map((x) => x / Math.hypot(...v)));

const angle = (a: number[], b: number[]) => angleBetweenQuats(a, 0, b, 0);

describe('quaternions in flat arrays', () => {
  it('P-2: q and -q are the same rotation', () => {
    fc.assert(
      fc.property(rotation, (q) => {
        expect(
          angle(
            q,
            q.map((x) => -x),
          ),
        ).toBeCloseTo(0, 6);
      }),
    );
  });

  it('the angle between quaternions is measured exactly, even where it is small', () => {
    for (const radians of [0, 1e-7, 1e-3, 1, 3, Math.PI]) {
      const q = [0, 0, 0, 1];
      quatFromAxisAngle(0, 1, 0, radians, q, 0);
      expect(angle([0, 0, 0, 1], q)).toBeCloseTo(radians, 9);
    }
  });

  it('P-4: rotations are right-handed: +90 degrees about +Y takes +Z to +X', () => {
    const q = [0, 0, 0, 1];
    const v = [0, 0, 1];
    quatFromAxisAngle(0, 1, 0, Math.PI / 2, q, 0);
    rotateVector(q, 0, v, 0, v, 0);
    expect(v[0]).toBeCloseTo(1);
    expect(v[2]).toBeCloseTo(0);
  });

  it('the right factor of a quaternion product applies first', () => {
    fc.assert(
      fc.property(rotation, rotation, direction, (a, b, v) => {
        const product = [0, 0, 0, 1];
        mulQuat(a, 0, b, 0, product, 0);
        const once = [0, 0, 0];
        const twice = [0, 0, 0];
        rotateVector(product, 0, v, 0, once, 0);
        rotateVector(b, 0, v, 0, twice, 0);
        rotateVector(a, 0, twice, 0, twice, 0);
        for (let k = 0; k < 3; k += 1) expect(once[k]).toBeCloseTo(twice[k]!, 6);
      }),
    );
  });

  it('mulConjugateQuat takes a parent rotation away again', () => {
    fc.assert(
      fc.property(rotation, rotation, (parent, local) => {
        const global = [0, 0, 0, 1];
        mulQuat(parent, 0, local, 0, global, 0);
        mulConjugateQuat(parent, 0, global, 0, global, 0);
        expect(angle(global, local)).toBeLessThan(1e-6);
      }),
    );
  });

  it('conjugateQuat inverts, in place and at an offset', () => {
    fc.assert(
      fc.property(rotation, (q) => {
        const pair = [...q, ...q];
        conjugateQuat(pair, 4, pair, 4);
        mulQuat(pair, 0, pair, 4, pair, 0);
        expect(angle(pair, [0, 0, 0, 1])).toBeLessThan(1e-6);
      }),
    );
  });

  it('quaternions come back from their rotation vectors', () => {
    fc.assert(
      fc.property(rotation, (q) => {
        const vector = [0, 0, 0];
        const back = [0, 0, 0, 1];
        logQuat(q, 0, vector, 0);
        expect(Math.hypot(...vector)).toBeLessThanOrEqual(Math.PI + 1e-9);
        expQuat(vector, 0, back, 0);
        expect(angle(q, back)).toBeLessThan(1e-6);
      }),
    );
  });

  it('tiny rotation vectors are kept', () => {
    const q = [0, 0, 0, 1];
    const v = [1e-7, -2e-7, 3e-7];
    const back = [0, 0, 0];
    expQuat(v, 0, q, 0);
    logQuat(q, 0, back, 0);
    for (let k = 0; k < 3; k += 1) expect(back[k]! / v[k]!).toBeCloseTo(1, 6);
  });

  it('slerp turns at constant speed by the shorter way', () => {
    fc.assert(
      fc.property(rotation, rotation, fc.double({ min: 0, max: 1, noNaN: true }), (a, b, amount) => {
        const between = [0, 0, 0, 1];
        slerpQuat(a, 0, b, 0, amount, between, 0);
        const whole = angle(a, b);
        fc.pre(whole < 3.1);
        expect(angle(a, between)).toBeCloseTo(whole * amount, 4);
        expect(angle(between, b)).toBeCloseTo(whole * (1 - amount), 4);
      }),
    );
  });

  it('nlerp follows the same arc as slerp', () => {
    fc.assert(
      fc.property(rotation, rotation, (a, b) => {
        fc.pre(angle(a, b) < 3.1);
        const n = [0, 0, 0, 1];
        const s = [0, 0, 0, 1];
        nlerpQuat(a, 0, b, 0, 0.5, n, 0);
        slerpQuat(a, 0, b, 0, 0.5, s, 0);
        expect(angle(n, s)).toBeLessThan(1e-5);
      }),
    );
  });

  it('Euler angles apply in the named order', () => {
    const orders: EulerOrder[] = ['XYZ', 'XZY', 'YXZ', 'YZX', 'ZXY', 'ZYX'];
    const axes = { X: [1, 0, 0], Y: [0, 1, 0], Z: [0, 0, 1] } as const;
    const angles = { X: 0.3, Y: -0.8, Z: 1.9 };
    for (const order of orders) {
      const expected = [0, 0, 0, 1];
      for (const axis of order.split('') as Array<'X' | 'Y' | 'Z'>) {
        const turn = [0, 0, 0, 1];
        const [x, y, z] = axes[axis];
        quatFromAxisAngle(x, y, z, angles[axis], turn, 0);
        mulQuat(expected, 0, turn, 0, expected, 0);
      }
      const q = [0, 0, 0, 1];
      quatFromEuler(angles.X, angles.Y, angles.Z, order, q, 0);
      expect(angle(q, expected), order).toBeLessThan(1e-9);
    }
  });

  it('quatFromUnitVectors takes one direction to another, even to the opposite', () => {
    fc.assert(
      fc.property(direction, fc.oneof(direction, fc.constant(null)), (from, to) => {
        const target = to ?? from.map((x) => -x);
        const q = [0, 0, 0, 1];
        const turned = [0, 0, 0];
        quatFromUnitVectors(from, 0, target, 0, q, 0);
        rotateVector(q, 0, from, 0, turned, 0);
        for (let k = 0; k < 3; k += 1) expect(turned[k]).toBeCloseTo(target[k]!, 3);
      }),
      // Close to opposite, but not so close that any axis will do.
      {
        examples: [
          [
            [0, -0.9999990605643516, 0.0013707189406132283],
            [0, 1, 0],
          ],
        ],
      },
    );
  });

  it('a quaternion without a direction becomes the identity', () => {
    for (const broken of [
      [0, 0, 0, 0],
      [Number.NaN, 0, 0, 1],
      [Number.POSITIVE_INFINITY, 0, 0, 1],
    ]) {
      const q = [...broken];
      normalizeQuat(q, 0);
      expect(q).toEqual([0, 0, 0, 1]);
    }
  });

  it('quaternion functions may write over their own input', () => {
    fc.assert(
      fc.property(rotation, rotation, (a, b) => {
        const apart = [0, 0, 0, 1];
        mulQuat(a, 0, b, 0, apart, 0);
        const inPlace = [...b];
        mulQuat(a, 0, inPlace, 0, inPlace, 0);
        expect(inPlace).toEqual(apart);
        slerpQuat(a, 0, b, 0, 0.3, apart, 0);
        copyQuat(b, 0, inPlace, 0);
        slerpQuat(a, 0, inPlace, 0, 0.3, inPlace, 0);
        expect(inPlace).toEqual(apart);
      }),
    );
  });
});

describe('a rotation from angles in an array', () => {
  it('P-4: quatFromAngles agrees with the same Euler angles, in either order', () => {
    const angle = fc.double({ min: -4, max: 4, noNaN: true });
    fc.assert(
      fc.property(angle, angle, angle, fc.constantFrom('YXZ' as const, 'ZYX' as const), (x, y, z, order) => {
        const one = [0, 0, 0, 0];
        const other = [0, 0, 0, 0];
        quatFromEuler(x, y, z, order, one, 0);
        quatFromAngles([x, y, z], order, other, 0);
        expect(angleBetweenQuats(one, 0, other, 0)).toBeLessThan(1e-6);
      }),
    );
  });
});

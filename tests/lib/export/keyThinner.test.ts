import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Keys, RotationThinner, VectorThinner } from '@/lib/export/keyThinner';
import { angleBetweenQuats, dotQuat, quatFromEuler, setNormalizedQuat, slerpQuat } from '@/lib/pose/quat';

const HALF_DEGREE = (0.5 * Math.PI) / 180;
/** What single precision adds. */
const ROUNDING = 1e-5;

/** The keys around `timeS`, and how far it is from the first to the second. */
function placeOf({ times }: Keys, timeS: number): readonly [key: number, next: number, share: number] {
  const next = times.findIndex((time) => time >= Math.fround(timeS));
  if (next <= 0) return [Math.max(0, next), Math.max(0, next), 0];
  return [next - 1, next, (timeS - times[next - 1]!) / (times[next]! - times[next - 1]!)];
}

function rotationAt(keys: Keys, timeS: number): Float64Array {
  const [key, next, share] = placeOf(keys, timeS);
  const out = new Float64Array(4);
  slerpQuat(keys.values, key * 4, keys.values, next * 4, share, out, 0);
  return out;
}

const anyTimes = (count: number) =>
  fc.array(fc.integer({ min: 1, max: 200 }), { minLength: count, maxLength: count }).map((gaps) => {
    let ms = 0;
    return gaps.map((gap) => {
      ms += gap;
      return ms / 1000;
    });
  });

const anyRotations = fc
  .array(
    fc.record({
      axis: fc.array(fc.float({ min: -1, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 }),
      isWild: fc.boolean(),
    }),
    { minLength: 1, maxLength: 60 },
  )
  .map((turns) => {
    const last = [0, 0, 0, 1];
    return turns.map(({ axis, isWild }) => {
      const reach = isWild ? 1 : 0.01;
      const [x = 0, y = 0, z = 0, w = 0] = axis.map((value, k) => last[k]! + reach * value);
      setNormalizedQuat(x, y, z, w, last, 0);
      // The sign has no meaning.
      return w > 0.5 && isWild ? last.map((value) => -value) : [...last];
    });
  });

describe('thinned keys', () => {
  it('thinned rotations are never farther from those that were added than the tolerance', () => {
    fc.assert(
      fc.property(
        anyRotations.chain((rotations) => fc.tuple(fc.constant(rotations), anyTimes(rotations.length))),
        ([rotations, times]) => {
          const thinner = new RotationThinner(HALF_DEGREE);
          rotations.forEach((rotation, k) => {
            thinner.add(times[k]!, rotation, 0);
          });
          const keys = thinner.finish();
          rotations.forEach((rotation, k) => {
            const error = angleBetweenQuats(rotation, 0, rotationAt(keys, times[k]!), 0);
            expect(error).toBeLessThanOrEqual(HALF_DEGREE + ROUNDING);
          });
          expect(keys.times[0]).toBe(Math.fround(times[0]!));
          expect(keys.times.at(-1)).toBe(Math.fround(times.at(-1)!));
        },
      ),
    );
  });

  it('thinned vectors are never farther from those that were added than the tolerance', () => {
    const anyValues = fc.array(fc.float({ min: -2, max: 2, noNaN: true }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(
        anyValues.chain((values) => fc.tuple(fc.constant(values), anyTimes(values.length))),
        ([values, times]) => {
          const thinner = new VectorThinner(1, 0.05);
          values.forEach((value, k) => {
            thinner.add(times[k]!, [value], 0);
          });
          const keys = thinner.finish();
          values.forEach((value, k) => {
            const [key, next, share] = placeOf(keys, times[k]!);
            const at = keys.values[key]! * (1 - share) + keys.values[next]! * share;
            expect(Math.abs(at - value)).toBeLessThanOrEqual(0.05 + ROUNDING);
          });
        },
      ),
    );
  });

  it('a line that wavers within the tolerance is one line', () => {
    const thinner = new VectorThinner(1, 0.1);
    for (let k = 0; k <= 100; k += 1) thinner.add(k, [k / 50 + 0.09 * Math.sin(k)], 0);
    expect(thinner.finish().times).toEqual(Float32Array.of(0, 100));
  });

  it('what does not move, or turns steadily, has hardly any keys', () => {
    const still = new VectorThinner(3, 0.001);
    const steady = new RotationThinner(HALF_DEGREE);
    const turn = [0, 0, 0, 1];
    for (let k = 0; k <= 300; k += 1) {
      still.add(k / 30, [1, 2, 3], 0);
      quatFromEuler(0, k * 0.004, 0, 'YXZ', turn, 0);
      steady.add(k / 30, turn, 0);
    }
    const ends = { first: 0, last: 10, count: 4 };
    for (const { times } of [still.finish(), steady.finish()]) {
      expect({ first: times[0], last: times.at(-1), count: times.length }).toEqual(ends);
    }
  });

  it('a single value is a single key', () => {
    const thinner = new VectorThinner(1, 0.1);
    expect(thinner.isEmpty).toBe(true);
    thinner.add(2, [7], 0);
    expect(thinner.isEmpty).toBe(false);
    expect(thinner.finish()).toEqual({ times: Float32Array.of(2), values: Float32Array.of(7) });
  });

  it('a value that is held stays until it goes on', () => {
    const thinner = new VectorThinner(1, 0.1);
    thinner.add(0, [1], 0);
    thinner.hold(9.9);
    thinner.add(10, [5], 0);
    const { times, values } = thinner.finish();
    expect(times).toEqual(Float32Array.of(0, 9.9, 10));
    expect([...values.subarray(0, 2)]).toEqual([1, 1]);
    expect(Math.abs(values[2]! - 5)).toBeLessThanOrEqual(0.1);
  });

  it('neighbouring keys have the same sign, so that every player turns the shorter way', () => {
    const thinner = new RotationThinner(HALF_DEGREE);
    for (let k = 0; k < 40; k += 1) {
      const turn = [0, 0, 0, 1];
      quatFromEuler(Math.sin(k), Math.cos(k * 1.3), 0, 'YXZ', turn, 0);
      thinner.add(k, k % 2 ? turn : turn.map((value) => -value), 0);
    }
    const { values } = thinner.finish();
    for (let at = 4; at < values.length; at += 4) expect(dotQuat(values, at - 4, values, at)).toBeGreaterThan(0);
  });
});

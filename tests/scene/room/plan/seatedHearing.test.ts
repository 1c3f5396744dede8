import { describe, expect, it } from 'vitest';
import { seatedHearing } from '@/scene/room/plan/seatedHearing';

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, k) => sum + value * b[k]!, 0);
const minus = (a: readonly number[], b: readonly number[]) => a.map((value, k) => value - b[k]!);

describe('where people are heard', () => {
  it('a guest hears everybody at the table in front of them, half of them on each side', () => {
    const { ear, forward, mouthOf } = seatedHearing([0, 1, 2, 3, 4], null);
    const towards = [2, 3, 4, 5].map((seat) => minus(mouthOf(seat), ear));
    expect(towards.filter((vector) => dot(vector, forward) > 0).length).toBeGreaterThanOrEqual(2);
    const sides = [0, 1].map((seat) => Math.sign(minus(mouthOf(seat), ear)[2]!));
    expect(sides.toSorted()).toEqual([-1, 1]);
  });

  it('from a seat, the one opposite is straight ahead', () => {
    const { ear, forward, mouthOf } = seatedHearing([0, 1], 0);
    const towards = minus(mouthOf(1), ear);
    expect(dot(towards, forward) / Math.hypot(...towards)).toBeGreaterThan(0.99);
    expect(Math.hypot(...minus(mouthOf(0), ear))).toBeLessThan(0.25);
  });

  it('as soon as somebody sits beyond the table, the room is the horseshoe', () => {
    const table = seatedHearing([0, 5], null);
    const arc = seatedHearing([0, 6], null);
    expect(arc.mouthOf(0)).not.toEqual(table.mouthOf(0));
    expect(new Set(Array.from({ length: 16 }, (_, seat) => String(arc.mouthOf(seat)))).size).toBe(16);
  });
});

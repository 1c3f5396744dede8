import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distanceGain, FLOOR_DB, FULL_WITHIN_M } from '@/lib/voice/distanceGain';
import { seatTransform } from '@/scene/room/plan/seatLayout';

const dB = (gain: number) => 20 * Math.log10(gain);

/** Gains of everybody else as heard from `seat`, dB, the nearest first. */
function heardFrom(seat: number, seats: number): number[] {
  const own = seatTransform(seat, seats);
  return Array.from({ length: seats }, (_, other) => seatTransform(other, seats))
    .filter((_, other) => other !== seat)
    .map(({ x, z }) => Math.hypot(x - own.x, z - own.z))
    .sort((a, b) => a - b)
    .map((distanceM) => dB(distanceGain(distanceM)));
}

describe('distanceGain', () => {
  it('lets everybody of sixteen be understood from every seat', () => {
    for (let seat = 0; seat < 16; seat += 1) {
      for (const gainDb of heardFrom(seat, 16)) {
        expect(gainDb).toBeLessThanOrEqual(0);
        expect(gainDb).toBeGreaterThanOrEqual(FLOOR_DB - 1e-9);
      }
    }
  });

  it('lets one hear who sits beside one clearly louder than the far end', () => {
    for (let seat = 0; seat < 16; seat += 1) {
      const heard = heardFrom(seat, 16);
      expect(heard[0]).toBeCloseTo(0, 5);
      expect(heard[0]! - heard.at(-1)!).toBeGreaterThan(3);
    }
  });

  it('never falls below the floor and never rises with distance', () => {
    const metres = fc.double({ min: 0, max: 1000, noNaN: true });
    fc.assert(
      fc.property(metres, metres, (a, b) => {
        const [near, far] = [distanceGain(Math.min(a, b)), distanceGain(Math.max(a, b))];
        expect(far).toBeLessThanOrEqual(near);
        expect(dB(far)).toBeGreaterThanOrEqual(FLOOR_DB - 1e-9);
      }),
    );
    expect(distanceGain(FULL_WITHIN_M)).toBe(1);
    expect(distanceGain(Number.NaN)).toBe(1);
  });
});

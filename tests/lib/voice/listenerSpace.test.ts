import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distanceGain, FLOOR_DB, FULL_WITHIN_M, ListenerSpace, pointAhead } from '@/lib/voice/listenerSpace';
import { seatTransform } from '@/scene/room/plan/seatLayout';

function hear(place: readonly number[], forward: readonly number[], mouth: readonly number[]) {
  const space = new ListenerSpace();
  space.set(place[0]!, place[1]!, place[2]!, forward[0]!, forward[1]!, forward[2]!);
  return space.hear(mouth[0]!, mouth[1]!, mouth[2]!, pointAhead());
}

describe('ListenerSpace', () => {
  it.each([
    ['ahead', [0, 1.2, -3], { x: 0, y: 0, z: -1 }],
    ['behind', [0, 1.2, -1], { x: 0, y: 0, z: 1 }],
    ['to the right', [1, 1.2, -2], { x: 1, y: 0, z: 0 }],
    ['to the left', [-1, 1.2, -2], { x: -1, y: 0, z: 0 }],
    ['above', [0, 2.2, -2], { x: 0, y: 1, z: 0 }],
  ])('a listener who looks along -Z hears a voice %s', (_, mouth, heard) => {
    const point = hear([0, 1.2, -2], [0, 0, -1], mouth);
    expect(point.x).toBeCloseTo(heard.x, 6);
    expect(point.y).toBeCloseTo(heard.y, 6);
    expect(point.z).toBeCloseTo(heard.z, 6);
    expect(point.distanceM).toBeCloseTo(1, 6);
  });

  it('a listener who looks along +X has +Z on the right', () => {
    const point = hear([0, 0, 0], [1, 0, 0], [0, 0, 2]);
    expect(point.x).toBeCloseTo(2, 6);
    expect(point.z).toBeCloseTo(0, 6);
  });

  it('distances stay the same wherever the listener looks', () => {
    const metre = fc.double({ min: -6, max: 6, noNaN: true });
    const angle = fc.double({ min: -Math.PI, max: Math.PI, noNaN: true });
    const pitch = fc.double({ min: -1.5, max: 1.5, noNaN: true });
    fc.assert(
      fc.property(metre, metre, metre, metre, angle, pitch, (x, y, z, listenerX, yaw, up) => {
        const forward = [Math.sin(yaw) * Math.cos(up), Math.sin(up), -Math.cos(yaw) * Math.cos(up)];
        const point = hear([listenerX, 1, 0], forward, [x, y, z]);
        const distanceM = Math.hypot(x - listenerX, y - 1, z);
        expect(point.distanceM).toBeCloseTo(distanceM, 6);
        if (distanceM > 0.3) expect(Math.hypot(point.x, point.y, point.z)).toBeCloseTo(distanceM, 6);
      }),
    );
  });

  it('a voice at the ears is heard ahead, also while the listener looks straight down', () => {
    expect(hear([1, 1, 1], [0, 0, -1], [1, 1, 1.1])).toMatchObject({ x: 0, y: 0, z: -1 });
    const space = new ListenerSpace();
    space.set(0, 0, 0, 1, 0, 0);
    space.set(0, 0, 0, 0, -1, 0);
    expect(space.hear(0, 0, 2, pointAhead()).x).toBeCloseTo(2, 6);
  });
});

const dB = (gain: number) => 20 * Math.log10(gain);

/** Gains of all others as heard from `seat`, dB, the nearest first. */
function heardFrom(seat: number, seats: number): number[] {
  const own = seatTransform(seat, seats);
  return Array.from({ length: seats }, (_, other) => seatTransform(other, seats))
    .filter((_, other) => other !== seat)
    .map(({ x, z }) => Math.hypot(x - own.x, z - own.z))
    .sort((a, b) => a - b)
    .map((distanceM) => dB(distanceGain(distanceM)));
}

describe('distanceGain', () => {
  it('all of sixteen people can be understood from every seat', () => {
    for (let seat = 0; seat < 16; seat += 1) {
      for (const gainDb of heardFrom(seat, 16)) {
        expect(gainDb).toBeLessThanOrEqual(0);
        expect(gainDb).toBeGreaterThanOrEqual(FLOOR_DB - 1e-9);
      }
    }
  });

  it('a neighbour is clearly louder than the far end of the table', () => {
    for (let seat = 0; seat < 16; seat += 1) {
      const heard = heardFrom(seat, 16);
      expect(heard[0]).toBeCloseTo(0, 5);
      expect(heard[0]! - heard.at(-1)!).toBeGreaterThan(3);
    }
  });

  it('the gain never falls below its floor and never rises with distance', () => {
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

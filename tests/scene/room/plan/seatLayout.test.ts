import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distanceOutside, seatLine, seatTransform, tableEdge } from '@/scene/room/plan/seatLayout';

const roomSizes = fc.integer({ min: 2, max: 16 });

const allSeats = (seats: number) => Array.from({ length: seats }, (_, seat) => seatTransform(seat, seats));

/** Width of a chair, metres. */
const CHAIR = 0.52;

describe('seat layout', () => {
  it('round tables of every size keep chairs apart', () => {
    fc.assert(
      fc.property(roomSizes, (seats) => {
        const places = allSeats(seats);
        for (const [i, a] of places.entries()) {
          for (const b of places.slice(i + 1)) expect(Math.hypot(a.x - b.x, a.z - b.z)).toBeGreaterThan(CHAIR);
        }
      }),
    );
  });

  it('chairs of a round table are turned towards it', () => {
    fc.assert(
      fc.property(roomSizes, (seats) => {
        const edge = tableEdge(seatLine(seats));
        for (const { x, z, yawRad } of allSeats(seats)) {
          const ahead = distanceOutside(edge, x + Math.sin(yawRad) * 0.2, z + Math.cos(yawRad) * 0.2);
          expect(ahead).toBeLessThan(distanceOutside(edge, x, z));
          expect(x * Math.sin(yawRad) + z * Math.cos(yawRad)).toBeLessThan(0);
        }
      }),
    );
  });

  it('people stand farther from a round table than their chairs', () => {
    fc.assert(
      fc.property(roomSizes, (seats) => {
        const edge = tableEdge(seatLine(seats));
        for (const { x, z, standX, standZ } of allSeats(seats)) {
          expect(distanceOutside(edge, standX, standZ)).toBeGreaterThan(distanceOutside(edge, x, z) + 0.3);
        }
      }),
    );
  });

  it('a round table seats the first two face to face across the middle', () => {
    fc.assert(
      fc.property(roomSizes, (seats) => {
        const [a, b] = [seatTransform(0, seats), seatTransform(1, seats)];
        expect(a.x).toBeCloseTo(0, 6);
        expect(b.x).toBeCloseTo(0, 6);
        expect(b.z).toBeCloseTo(-a.z, 6);
        expect(Math.sin(a.yawRad) * Math.sin(b.yawRad) + Math.cos(a.yawRad) * Math.cos(b.yawRad)).toBeCloseTo(-1, 6);
      }),
    );
  });

  it('a round table fills its seats from the middle: the first six are nearer to it than the last', () => {
    const distances = allSeats(16).map(({ x }) => Math.abs(x));
    expect(Math.max(...distances.slice(0, 6))).toBeLessThan(Math.min(...distances.slice(10)));
  });

  it('a round table refuses a seat that it does not have', () => {
    for (const seat of [-1, 16, 0.5, Number.NaN]) expect(() => seatTransform(seat, 16)).toThrow(RangeError);
  });
});

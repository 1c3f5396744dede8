import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { earFor, shareInside } from '@/scene/frame/hearing';
import { distanceOutside, seatLine, seatTransform, tableEdge } from '@/scene/room/plan/seatLayout';

const seats = fc.integer({ min: 2, max: 16 });
const place = fc.record({
  x: fc.double({ min: -6, max: 6, noNaN: true }),
  y: fc.double({ min: 0.3, max: 3, noNaN: true }),
  z: fc.double({ min: -5, max: 5, noNaN: true }),
});

describe('where somebody who looks on hears from', () => {
  it('is the camera itself over the table, else the edge of the table on the way to it', () => {
    fc.assert(
      fc.property(seats, place, (count, camera) => {
        const edge = tableEdge(seatLine(count));
        const ear = earFor(camera, edge, { x: 0, y: 0, z: 0 });
        const isInside = distanceOutside(edge, camera.x, camera.z) === 0;
        if (isInside) expect(ear).toEqual(camera);
        else {
          expect(distanceOutside(edge, ear.x, ear.z)).toBeLessThan(1e-9);
          expect(distanceOutside({ ...edge, radius: edge.radius - 1e-6 }, ear.x, ear.z)).toBeGreaterThan(0);
          expect(ear.x * camera.z - ear.z * camera.x).toBeCloseTo(0, 9);
          expect(shareInside(edge, camera.x, camera.z)).toBeGreaterThan(0);
        }
      }),
    );
  });

  it('never lets a seated mouth be at the ear, nor anybody be farther than across the table', () => {
    for (const [x, z] of [
      [5.9, 0],
      [0, 4.7],
      [-4, 3],
      [3, -4.5],
    ] as const) {
      const line = seatLine(16);
      const ear = earFor({ x, y: 2, z }, tableEdge(line), { x: 0, y: 0, z: 0 });
      for (let seat = 0; seat < 16; seat += 1) {
        const at = seatTransform(seat, 16);
        const distance = Math.hypot(at.x - ear.x, at.z - ear.z);
        expect(distance).toBeGreaterThan(0.3);
        expect(distance).toBeLessThan(2 * (line.halfStraight + line.radius));
      }
    }
  });
});

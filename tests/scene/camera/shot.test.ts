import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createShot, easeShot, limitShot, type Shot, shotPosition } from '@/scene/camera/shot';

const BOUNDS = { halfX: 5.9, halfZ: 4.7, minY: 0.3, maxY: 3 };

const real = (min: number, max: number) => fc.double({ min, max, noNaN: true });

const shots = fc
  .record({
    x: real(-3, 3),
    y: real(0.3, 1.6),
    z: real(-3, 3),
    azimuth: real(-20, 20),
    elevation: real(-4, 4),
    distance: real(0, 100),
  })
  .map(({ x, y, z, ...rest }): Shot => ({ target: { x, y, z }, ...rest }));

describe('orbit limits', () => {
  it('limits keep any shot above the floor and within the walls', () => {
    fc.assert(
      fc.property(shots, (shot) => {
        limitShot(shot, BOUNDS);
        const at = shotPosition(shot, { x: 0, y: 0, z: 0 });
        // Close to a wall the camera stays a hand's breadth from its target.
        const slack = 0.31;
        expect(Math.abs(at.x)).toBeLessThanOrEqual(BOUNDS.halfX + slack);
        expect(Math.abs(at.z)).toBeLessThanOrEqual(BOUNDS.halfZ + slack);
        expect(at.y).toBeGreaterThan(0.2);
        expect(at.y).toBeLessThanOrEqual(BOUNDS.maxY + slack);
      }),
    );
  });

  it('limits leave a good shot alone', () => {
    const shot = createShot();
    limitShot(shot, { ...BOUNDS, halfZ: 20, halfX: 20, maxY: 20 });
    expect(shot).toEqual(createShot());
  });
});

describe('easeShot', () => {
  it('a shot eases the short way round', () => {
    const shot = { ...createShot(), azimuth: 3 };
    easeShot(shot, { ...createShot(), azimuth: -3 }, 0.5);
    expect(shot.azimuth).toBeGreaterThan(3);
  });

  it('a shot arrives at once with a share of 1', () => {
    const shot = createShot();
    const goal = { target: { x: 1, y: 1, z: 1 }, azimuth: 1, elevation: 0.2, distance: 3 };
    easeShot(shot, goal, 1);
    expect(shot).toEqual(goal);
  });
});

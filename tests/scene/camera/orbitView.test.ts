import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createOrbitView, easeOrbit, limitOrbit, type OrbitView, orbitPosition } from '@/scene/camera/orbitView';

const BOUNDS = { halfX: 5.9, halfZ: 4.7, minY: 0.3, maxY: 3 };

const real = (min: number, max: number) => fc.double({ min, max, noNaN: true });

const views = fc
  .record({
    x: real(-3, 3),
    y: real(0.3, 1.6),
    z: real(-3, 3),
    azimuth: real(-20, 20),
    elevation: real(-4, 4),
    distance: real(0, 100),
  })
  .map(({ x, y, z, ...rest }): OrbitView => ({ target: { x, y, z }, ...rest }));

describe('orbit limits', () => {
  it('keep the camera over the floor and within the walls, whatever is asked', () => {
    fc.assert(
      fc.property(views, (view) => {
        limitOrbit(view, BOUNDS);
        const at = orbitPosition(view, { x: 0, y: 0, z: 0 });
        // Right beside a wall the camera stays a hand's breadth from its target rather than in it.
        const slack = 0.31;
        expect(Math.abs(at.x)).toBeLessThanOrEqual(BOUNDS.halfX + slack);
        expect(Math.abs(at.z)).toBeLessThanOrEqual(BOUNDS.halfZ + slack);
        expect(at.y).toBeGreaterThan(0.2);
        expect(at.y).toBeLessThanOrEqual(BOUNDS.maxY + slack);
      }),
    );
  });

  it('leave a view alone that is fine', () => {
    const view = createOrbitView();
    limitOrbit(view, { ...BOUNDS, halfZ: 20, halfX: 20, maxY: 20 });
    expect(view).toEqual(createOrbitView());
  });
});

describe('easeOrbit', () => {
  it('goes the short way round', () => {
    const view = { ...createOrbitView(), azimuth: 3 };
    easeOrbit(view, { ...createOrbitView(), azimuth: -3 }, 0.5);
    expect(view.azimuth).toBeGreaterThan(3);
  });

  it('arrives at once with a share of 1', () => {
    const view = createOrbitView();
    const goal = { target: { x: 1, y: 1, z: 1 }, azimuth: 1, elevation: 0.2, distance: 3 };
    easeOrbit(view, goal, 1);
    expect(view).toEqual(goal);
  });
});

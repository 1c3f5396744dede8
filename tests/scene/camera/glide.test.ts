import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GLIDE_CLEARANCE, type GlidePose, glideAt, planGlide } from '@/scene/camera/glide';
import { type OrbitView, orbitPosition } from '@/scene/camera/orbitView';

const CEILING_Y = 3;

const view = (over: Partial<OrbitView> = {}): OrbitView => ({
  target: { x: 0, y: 1, z: 0 },
  azimuth: 0,
  elevation: 0.2,
  distance: 2.4,
  ...over,
});
const pose = (): GlidePose => ({ x: 0, y: 0, z: 0, yaw: 0, pitch: 0 });

const within = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const heads = fc.array(fc.record({ x: within(-3, 3), y: within(0.9, 1.6), z: within(-3, 3) }), { maxLength: 16 });
const views = fc.record({
  target: fc.record({ x: within(-2, 2), y: within(0.8, 1.2), z: within(-2, 2) }),
  azimuth: within(-7, 7),
  elevation: within(0, 0.6),
  distance: within(1.5, 4),
});

describe('a gliding camera', () => {
  it('begins and ends exactly where the views are', () => {
    const [from, to] = [view(), view({ azimuth: 0.8, distance: 2 })];
    const glide = planGlide(from, to, [], CEILING_Y)!;
    for (const [share, end] of [
      [0, from],
      [1, to],
    ] as const) {
      const at = glideAt(glide, share, pose());
      const wanted = orbitPosition(end, { x: 0, y: 0, z: 0 });
      expect([at.x, at.y, at.z]).toEqual([wanted.x, wanted.y, wanted.z].map((value) => expect.closeTo(value, 9)));
      expect(at.yaw).toBeCloseTo(end.azimuth, 9);
    }
  });

  it('sets off and arrives slowly', () => {
    const glide = planGlide(view(), view({ azimuth: 0.8 }), [], CEILING_Y)!;
    const yaws = [0, 0.1, 0.45, 0.55, 0.9, 1].map((share) => glideAt(glide, share, pose()).yaw);
    expect(yaws[1]! - yaws[0]!).toBeLessThan((yaws[3]! - yaws[2]!) / 10);
    expect(yaws[5]! - yaws[4]!).toBeLessThan((yaws[3]! - yaws[2]!) / 10);
  });

  it('goes over a head in its way', () => {
    const [from, to] = [view(), view({ target: { x: 2, y: 1, z: 0 } })];
    const [a, b] = [from, to].map((end) => orbitPosition(end, { x: 0, y: 0, z: 0 }));
    const head = { x: (a!.x + b!.x) / 2, y: a!.y, z: a!.z };
    expect(planGlide(from, to, [head], CEILING_Y)!.lift).toBeGreaterThan(GLIDE_CLEARANCE - 0.2);
  });

  it('never goes through a head nor the ceiling, and never turns far: else the picture is cut', () => {
    fc.assert(
      fc.property(views, views, heads, (from, to, people) => {
        const glide = planGlide(from, to, people, CEILING_Y);
        if (!glide) return;
        const before = glideAt(glide, 0, pose());
        for (let share = 0.02; share <= 1; share += 0.02) {
          const { x, y, z, yaw } = glideAt(glide, share, pose());
          expect(y).toBeLessThan(CEILING_Y + 0.05);
          expect(Math.abs(yaw - before.yaw)).toBeLessThan(1.31);
          // Where it begins is where the view before has put it.
          if (Math.hypot(x - before.x, y - before.y, z - before.z) < 0.05) continue;
          for (const head of people) {
            expect(Math.hypot(head.x - x, head.y - y, head.z - z)).toBeGreaterThan(GLIDE_CLEARANCE - 0.12);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('is no faster than a person would turn their head', () => {
    fc.assert(
      fc.property(views, views, (from, to) => {
        const glide = planGlide(from, to, [], CEILING_Y);
        if (!glide) return;
        let yaw = from.azimuth;
        for (let ms = 20; ms <= glide.durationMs; ms += 20) {
          const at = glideAt(glide, ms / glide.durationMs, pose());
          expect((Math.abs(at.yaw - yaw) / 20) * 1000).toBeLessThan(1.4);
          yaw = at.yaw;
        }
      }),
    );
  });
});

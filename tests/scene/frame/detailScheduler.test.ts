import fc from 'fast-check';
import { Frustum, Matrix4, PerspectiveCamera, Sphere, Vector3 } from 'three';
import { describe, expect, it } from 'vitest';
import { capsAt } from '@/scene/frame/detailCaps';
import { type Culled, cull, type Detailed, DetailScheduler } from '@/scene/frame/detailScheduler';

const TRIANGLES = [15_500, 6_400, 2_600, 1_300];
const VIEW = { heightPx: 700, fov: 40, coarseness: 1 };

const person = (z: number, isSpeaking = false, triangles: readonly number[] = TRIANGLES): Detailed => ({
  id: String(z),
  position: new Vector3(0, 0, -z),
  isShown: true,
  visible: true,
  level: 0,
  tier: 0,
  swings: false,
  model: { triangles },
  speaking: { isOn: isSpeaking },
});

function camera(): PerspectiveCamera {
  return new PerspectiveCamera(40, 1.6, 0.1, 200);
}

const crowd = (count: number) => Array.from({ length: count }, (_, i) => person(1 + i * 0.1));

const trianglesOf = (people: readonly Detailed[]) =>
  people.reduce((sum, { level, model }) => sum + model.triangles[Math.min(level, model.triangles.length - 1)]!, 0);

describe('DetailScheduler', () => {
  it('people are coarser the farther away they are', () => {
    const people = [person(2), person(6), person(20), person(60)];
    new DetailScheduler().schedule(people, camera(), VIEW, capsAt(1));
    expect(people.map(({ level }) => level)).toEqual([0, 1, 2, 3]);
  });

  it('tiers go by size, wherever people are in the list', () => {
    const people = crowd(200).reverse();
    new DetailScheduler().schedule(people, camera(), VIEW, capsAt(1));
    const tiers = [...people].sort((a, b) => b.position.z - a.position.z).map(({ tier }) => tier);
    expect(tiers.slice(0, 8).every((tier) => tier === 0)).toBe(true);
    expect([...tiers].sort((a, b) => a - b)).toEqual(tiers);
  });

  it('the hair of the nearest eight swings, whatever else the machine has room for', () => {
    const people = crowd(30);
    new DetailScheduler().schedule(people, camera(), VIEW, capsAt(3));
    expect(people.map(({ swings }) => swings)).toEqual(people.map((_, rank) => rank < 8));
  });

  it('people who speak come first, and those outside the picture last', () => {
    const people = crowd(200);
    const speaker = person(40, true);
    const unseen = { ...person(0.5), visible: false };
    new DetailScheduler().schedule([...people, speaker, unseen], camera(), VIEW, capsAt(1));
    expect(speaker.tier).toBe(0);
    expect(unseen.tier).toBe(3);
  });

  it('no more triangles are drawn than allowed, unless everyone is at their coarsest', () => {
    const heavy = [40_000];
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.double({ min: 0.5, max: 60, noNaN: true }), fc.boolean(), fc.boolean()), {
          maxLength: 220,
        }),
        fc.double({ min: 0.5, max: 3, noNaN: true }),
        (places, share) => {
          const caps = capsAt(share);
          const people = places.map(([z, isSpeaking, isHeavy]) => person(z, isSpeaking, isHeavy ? heavy : TRIANGLES));
          new DetailScheduler().schedule(people, camera(), VIEW, caps);
          const coarsest = people.reduce((sum, { model }) => sum + model.triangles[model.triangles.length - 1]!, 0);
          expect(trianglesOf(people)).toBeLessThanOrEqual(Math.max(caps.triangles, coarsest));
        },
      ),
    );
  });

  it('200 people stay within 600,000 triangles even if all of them are close', () => {
    const people = Array.from({ length: 200 }, () => person(1.5));
    new DetailScheduler().schedule(people, camera(), VIEW, capsAt(3));
    expect(trianglesOf(people)).toBeLessThan(600_000);
    expect(people.filter(({ level }) => level === 0).length).toBeGreaterThanOrEqual(8);
  });

  it('two people of about the same size keep their tiers while they sway', () => {
    const people = crowd(9);
    const scheduler = new DetailScheduler();
    scheduler.schedule(people, camera(), VIEW, capsAt(1));
    const before = people.map(({ tier }) => tier);
    for (let frame = 0; frame < 50; frame += 1) {
      people[7]!.position.z = -1.7 - 0.1 * Math.sin(frame);
      people[8]!.position.z = -1.75 + 0.1 * Math.sin(frame);
      scheduler.schedule(people, camera(), VIEW, capsAt(1));
      expect(people.map(({ tier }) => tier)).toEqual(before);
    }
    people[8]!.position.z = -1;
    scheduler.schedule(people, camera(), VIEW, capsAt(1));
    expect(people[8]!.tier).toBe(0);
    expect(people.filter(({ tier }) => tier === 0)).toHaveLength(8);
  });

  it('detail settles at once: the same picture again changes nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0.5, max: 60, noNaN: true }), { maxLength: 120 }), (places) => {
        const people = places.map((z) => person(z));
        const scheduler = new DetailScheduler();
        const choices = () => {
          scheduler.schedule(people, camera(), VIEW, capsAt(1));
          return people.map(({ tier, level }) => [tier, level]);
        };
        choices();
        expect(choices()).toEqual(choices());
      }),
    );
  });
});

const standing = (id: string, x: number, z: number, isShown = true): Culled => ({
  id,
  position: new Vector3(x, 0, z),
  isShown,
  visible: true,
});

function cameraAtOrigin() {
  const camera = new PerspectiveCamera(40, 1.6, 0.1, 60);
  camera.position.set(0, 1.4, 0);
  camera.updateMatrixWorld();
  return camera;
}

describe('cull', () => {
  it('culling leaves out people behind, beside, hidden or not shown yet', () => {
    const people = [
      standing('before', 0, -3),
      standing('behind', 0, 3),
      standing('beside', 9, -3),
      standing('self', 0, -2),
      standing('late', 0, -3, false),
    ];
    cull(people, cameraAtOrigin(), 'self');
    expect(people.filter(({ visible }) => visible).map(({ id }) => id)).toEqual(['before']);
  });

  it('culling keeps people who are half in the picture', () => {
    const people = [standing('edge', 2.6, -3)];
    cull(people, cameraAtOrigin(), null);
    expect(people[0]!.visible).toBe(true);
  });

  it("culling agrees with three's own frustum, wherever the camera looks", () => {
    const number = fc.double({ min: -12, max: 12, noNaN: true });
    fc.assert(
      fc.property(fc.tuple(number, number, number), fc.tuple(number, number), ([x, y, z], [atX, atZ]) => {
        const camera = new PerspectiveCamera(50, 1.3, 0.1, 60);
        camera.position.set(x, y, z);
        camera.lookAt(0, 1, 0.01);
        camera.updateMatrixWorld();
        const clip = new Matrix4().multiplyMatrices(camera.projectionMatrix, camera.matrixWorldInverse);
        const body = new Sphere(new Vector3(atX, 0.75, atZ), 1.05);
        const people = [standing('a', atX, atZ)];
        cull(people, camera, null);
        expect(people[0]!.visible).toBe(new Frustum().setFromProjectionMatrix(clip).intersectsSphere(body));
      }),
    );
  });
});

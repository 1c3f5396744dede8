import { PerspectiveCamera, Vector3 } from 'three';
import { describe, expect, it } from 'vitest';
import { type Culled, chooseLevels, cull } from '@/scene/frame/culling';

const person = (id: string, x: number, z: number, isShown = true): Culled => ({
  id,
  position: new Vector3(x, 0, z),
  isShown,
  visible: true,
  level: 0,
});

function cameraAtOrigin() {
  const camera = new PerspectiveCamera(40, 1.6, 0.1, 60);
  camera.position.set(0, 1.4, 0);
  camera.updateMatrixWorld();
  return camera;
}

describe('cull', () => {
  it('leaves out who is behind, beside, hidden or not there yet', () => {
    const people = [
      person('before', 0, -3),
      person('behind', 0, 3),
      person('beside', 9, -3),
      person('self', 0, -2),
      person('late', 0, -3, false),
    ];
    cull(people, cameraAtOrigin(), 'self');
    expect(people.filter(({ visible }) => visible).map(({ id }) => id)).toEqual(['before']);
  });

  it('keeps who is only half in the picture', () => {
    const people = [person('edge', 2.6, -3)];
    cull(people, cameraAtOrigin(), null);
    expect(people[0]!.visible).toBe(true);
  });
});

describe('chooseLevels', () => {
  it('is coarser the farther somebody is', () => {
    const people = [person('a', 0, -2), person('b', 0, -6), person('c', 0, -20)];
    chooseLevels(people, cameraAtOrigin(), { heightPx: 700, fov: 40, coarseness: 1 });
    expect(people.map(({ level }) => level)).toEqual([0, 1, 2]);
  });
});

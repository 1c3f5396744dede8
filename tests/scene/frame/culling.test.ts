import fc from 'fast-check';
import { Frustum, Matrix4, PerspectiveCamera, Sphere, Vector3 } from 'three';
import { describe, expect, it } from 'vitest';
import { type Culled, cull } from '@/scene/frame/detailScheduler';

const person = (id: string, x: number, z: number, isShown = true): Culled => ({
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

  it("decides as three's own frustum does, wherever the camera looks", () => {
    const number = fc.double({ min: -12, max: 12, noNaN: true });
    fc.assert(
      fc.property(fc.tuple(number, number, number), fc.tuple(number, number), ([x, y, z], [atX, atZ]) => {
        const camera = new PerspectiveCamera(50, 1.3, 0.1, 60);
        camera.position.set(x, y, z);
        camera.lookAt(0, 1, 0.01);
        camera.updateMatrixWorld();
        const clip = new Matrix4().multiplyMatrices(camera.projectionMatrix, camera.matrixWorldInverse);
        const body = new Sphere(new Vector3(atX, 0.75, atZ), 1.05);
        const people = [person('a', atX, atZ)];
        cull(people, camera, null);
        expect(people[0]!.visible).toBe(new Frustum().setFromProjectionMatrix(clip).intersectsSphere(body));
      }),
    );
  });
});

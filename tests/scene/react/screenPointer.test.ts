import { PerspectiveCamera, Vector2, Vector3 } from 'three';
import { describe, expect, it } from 'vitest';
import { meetsScreen } from '@/scene/react/screenPointer';
import { SCREEN_PICTURE } from '@/scene/room/walls/wallScreen';

function cameraAt(x: number, y: number, z: number): PerspectiveCamera {
  const camera = new PerspectiveCamera(50, 1.6, 0.08, 60);
  camera.position.set(x, y, z);
  camera.lookAt(SCREEN_PICTURE.x, SCREEN_PICTURE.y, SCREEN_PICTURE.z);
  camera.updateMatrixWorld();
  return camera;
}

/** Where a point of the screen (shares -1..1 of its half sizes) falls into the picture. */
function seen(camera: PerspectiveCamera, aside: number, up: number): Vector2 {
  const { x, y, z, width, height } = SCREEN_PICTURE;
  const at = new Vector3(x, y + (up * height) / 2, z + (aside * width) / 2).project(camera);
  return new Vector2(at.x, at.y);
}

describe("a press on the room's screen", () => {
  it.each([
    [4, 1.6, 0],
    [2, 1.2, 2.5],
    [-3, 2, -2],
  ])('meets it within its picture only, from %f %f %f', (x, y, z) => {
    const camera = cameraAt(x, y, z);
    for (const [aside, up] of [
      [0, 0],
      [0.97, -0.97],
      [-0.97, 0.97],
    ] as const) {
      expect(meetsScreen(camera, seen(camera, aside, up))).toBe(true);
      expect(meetsScreen(camera, seen(camera, aside + Math.sign(aside || 1) * 1.1, up))).toBe(false);
    }
  });

  it('does not meet it with one’s back to it', () => {
    const camera = cameraAt(4, 1.6, 0);
    camera.lookAt(10, 1.6, 0);
    camera.updateMatrixWorld();
    expect(meetsScreen(camera, new Vector2(0, 0))).toBe(false);
  });
});

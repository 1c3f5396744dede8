import { PerspectiveCamera } from 'three';
import { expect, it } from 'vitest';
import { CameraDirector } from '@/scene/camera/cameraDirector';
import type { CameraInput } from '@/scene/camera/cameraInput';

const BOUNDS = { halfX: 5, halfZ: 4, minY: 0.3, maxY: 3 };
const NO_INPUT = {
  isHeld: false,
  take: () => ({ turnX: 0, turnY: 0, slideX: 0, slideY: 0, zoom: 1 }),
  axis: () => 0,
} as unknown as CameraInput;
const ONLOOKER = { eyes: { read: () => null }, isSpeaking: () => false };

function direct(view: 'orbit' | 'overTable') {
  const camera = new PerspectiveCamera(40, 16 / 9, 0.08, 60);
  const director = new CameraDirector(camera, NO_INPUT, BOUNDS, ONLOOKER);
  director.setView(view);
  const run = () => {
    for (let ms = 0; ms < 3000; ms += 50) director.update(ms, 50);
    return camera.position.toArray();
  };
  return { camera, director, run };
}

it('a camera that is held stays where another one was, whatever its own view, until it is let go', () => {
  const seen = direct('overTable');
  const own = direct('orbit');
  const from = seen.run();
  expect(own.run()).not.toEqual(from);
  own.director.hold(seen.director.place);
  own.run().forEach((value, k) => {
    expect(value).toBeCloseTo(from[k]!, 6);
  });
  expect(own.camera.fov).toBe(seen.camera.fov);
  expect(Math.abs(own.camera.quaternion.dot(seen.camera.quaternion))).toBeCloseTo(1, 6);
  own.director.hold(null);
  expect(own.run()[1]).not.toBeCloseTo(from[1]!, 1);
});

import { clamp } from './cameraBounds';
import type { CameraInput } from './cameraInput';
import type { OrbitView } from './orbitView';

/** Radians a dragged picture height. */
const TURN_RATE = 3.2;
const KEY_TURN_PER_S = 1.1;
const KEY_ZOOM_PER_S = 1;
/** The target may be slid this far from the room's middle, metres. */
const TARGET_REACH = 3;

/** Moves `goal` as pointer, wheel and keys say; false where none of them did anything. */
export function handOrbit(goal: OrbitView, input: CameraInput, deltaMs: number): boolean {
  const motion = input.take();
  const keyShare = deltaMs / 1000;
  const turnX = -motion.turnX * TURN_RATE + input.axis('turnLeft', 'turnRight') * KEY_TURN_PER_S * keyShare;
  const turnY = motion.turnY * TURN_RATE + input.axis('turnDown', 'turnUp') * KEY_TURN_PER_S * keyShare;
  const zoom = motion.zoom * Math.exp(input.axis('closer', 'farther') * KEY_ZOOM_PER_S * keyShare);
  if (turnX === 0 && turnY === 0 && zoom === 1 && motion.slideX === 0 && motion.slideY === 0) return false;
  goal.azimuth += turnX;
  goal.elevation += turnY;
  goal.distance *= zoom;
  slide(goal, motion.slideX * goal.distance, motion.slideY * goal.distance);
  return true;
}

function slide({ target, azimuth }: OrbitView, dx: number, dy: number): void {
  target.x = clamp(target.x - dx * Math.cos(azimuth), -TARGET_REACH, TARGET_REACH);
  target.z = clamp(target.z + dx * Math.sin(azimuth), -TARGET_REACH, TARGET_REACH);
  target.y = clamp(target.y + dy, 0.3, 1.6);
}

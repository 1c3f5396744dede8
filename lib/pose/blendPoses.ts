import { BONE_PARTS } from './boneParts';
import { BONE_COUNT } from './bones';
import { FACE_OFFSET, GAZE_OFFSET, HIPS_OFFSET, POSE_LENGTH, type Pose, PosePart, ROTATIONS_OFFSET } from './pose';
import { slerpQuat } from './quat';

function blendRange(from: Pose, to: Pose, amount: number, out: Pose, start: number, end: number): void {
  for (let at = start; at < end; at += 1) {
    out.values[at] = from.values[at]! * (1 - amount) + to.values[at]! * amount;
  }
}

function weightOf(shared: number, amount: number, part: number): number {
  return (shared & part) !== 0 ? amount : 1;
}

/**
 * Blends two poses into `out` (which may be one of them): `amount` 0 is `from`, 1 is `to`. The parts are those of `to`;
 * a part that only `to` has is taken unchanged. Allocates nothing.
 */
export function blendPoses(from: Pose, to: Pose, amount: number, out: Pose): Pose {
  const shared = from.parts & to.parts;
  blendRange(from, to, weightOf(shared, amount, PosePart.hips), out, HIPS_OFFSET, ROTATIONS_OFFSET);
  for (let bone = 0; bone < BONE_COUNT; bone += 1) {
    const at = ROTATIONS_OFFSET + bone * 4;
    slerpQuat(from.values, at, to.values, at, weightOf(shared, amount, BONE_PARTS[bone]!), out.values, at);
  }
  blendRange(from, to, weightOf(shared, amount, PosePart.face), out, FACE_OFFSET, GAZE_OFFSET);
  blendRange(from, to, weightOf(shared, amount, PosePart.gaze), out, GAZE_OFFSET, POSE_LENGTH);
  out.parts = to.parts;
  return out;
}

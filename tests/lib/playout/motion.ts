import { BONE_COUNT, BONE_INDEX, type BoneName } from '@/lib/pose/bones';
import {
  ALL_PARTS,
  createPose,
  FACE_OFFSET,
  GAZE_OFFSET,
  HIPS_OFFSET,
  type Pose,
  ROTATIONS_OFFSET,
} from '@/lib/pose/pose';
import { angleBetweenQuats, quatFromEuler } from '@/lib/pose/quat';

const DEGREES = 180 / Math.PI;

/** A person who gestures with the whole body, as a function of the sender's time. All parts are present. */
export function motionAt(senderMs: number, out: Pose = createPose()): Pose {
  const t = senderMs / 1000;
  const set = (bone: BoneName, x: number, y: number, z: number) =>
    quatFromEuler(x, y, z, 'YXZ', out.values, ROTATIONS_OFFSET + BONE_INDEX[bone] * 4);
  set('hips', 0.1 * Math.sin(t), 0.6 * Math.sin(t * 0.7), 0);
  set('head', 0.3 * Math.sin(t * 2.1), 0.6 * Math.sin(t * 2.9), 0.1);
  set('leftUpperArm', 0.2, -0.6 + 0.5 * Math.sin(t * 2.9), -0.3 + 0.7 * Math.sin(t * 3.4));
  set('rightLowerArm', 0, 1.3 + 0.8 * Math.cos(t * 4.3), 0);
  set('leftIndexProximal', 0, 0, 0.6 + 0.5 * Math.sin(t * 5));
  out.values[HIPS_OFFSET] = 0.2 * Math.sin(t * 1.7);
  out.values[HIPS_OFFSET + 1] = 0.05 * Math.cos(t * 3);
  out.values[FACE_OFFSET] = Math.max(0, Math.sin(t * 6));
  out.values[FACE_OFFSET + 1] = 0.5 + 0.5 * Math.cos(t * 5);
  out.values[GAZE_OFFSET] = 0.3 * Math.sin(t * 3);
  out.parts = ALL_PARTS;
  return out;
}

/** How far two poses are apart: the most turned bone, and the hips. */
export interface PoseStep {
  readonly deg: number;
  readonly metres: number;
}

/** The step from one pose to another. */
export function stepOf(from: Pose, to: Pose): PoseStep {
  let rad = 0;
  for (let bone = 0; bone < BONE_COUNT; bone += 1) {
    const at = ROTATIONS_OFFSET + bone * 4;
    rad = Math.max(rad, angleBetweenQuats(from.values, at, to.values, at));
  }
  const by = [0, 1, 2].map((k) => to.values[HIPS_OFFSET + k]! - from.values[HIPS_OFFSET + k]!);
  return { deg: rad * DEGREES, metres: Math.hypot(...by) };
}

/** Whether a pose has only finite numbers, rotations of unit length and weights of 0 to 1. */
export function isSound({ values }: Pose): boolean {
  for (let bone = 0; bone < BONE_COUNT; bone += 1) {
    const at = ROTATIONS_OFFSET + bone * 4;
    const length = Math.hypot(values[at]!, values[at + 1]!, values[at + 2]!, values[at + 3]!);
    if (!(Math.abs(length - 1) < 1e-3)) return false;
  }
  const weights = values.subarray(FACE_OFFSET, GAZE_OFFSET);
  return values.every(Number.isFinite) && weights.every((weight) => weight >= 0 && weight <= 1);
}

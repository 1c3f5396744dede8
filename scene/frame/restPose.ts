import { BONES, type BoneName } from '@/lib/pose/bones';
import { createPose, type Pose } from '@/lib/pose/pose';
import { rotationOf } from './poseBlend';

type EulerXyz = readonly [number, number, number];

/** Left side and middle of somebody at ease, radians about the rest pose's axes; the right side mirrors the left. */
const AT_EASE: Partial<Record<BoneName, EulerXyz>> = {
  spine: [0.03, 0, 0],
  chest: [0.02, 0, 0],
  neck: [0.04, 0, 0],
  leftShoulder: [0, 0, -0.05],
  leftUpperArm: [0, -0.28, -1.16],
  leftLowerArm: [0, -1.12, 0.12],
  leftHand: [0, -0.1, -0.12],
  leftThumbProximal: [0, 0.2, 0],
};

/** Curl of a relaxed finger joint about the hand's forward axis, radians. */
const FINGER_CURL = 0.3;

function quaternionOf([x, y, z]: EulerXyz): readonly [number, number, number, number] {
  const [cx, sx, cy, sy, cz, sz] = [x, y, z].flatMap((a) => [Math.cos(a / 2), Math.sin(a / 2)]) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  return [
    sx * cy * cz + cx * sy * sz,
    cx * sy * cz - sx * cy * sz,
    cx * cy * sz + sx * sy * cz,
    cx * cy * cz - sx * sy * sz,
  ];
}

function leftEuler(bone: BoneName): EulerXyz | undefined {
  const isFinger = /(Index|Middle|Ring|Little)/.test(bone);
  return AT_EASE[bone] ?? (isFinger ? [0, 0, -FINGER_CURL] : undefined);
}

/** Angles at ease of any bone: the right side mirrored in the plane x = 0. */
function eulerOf(bone: BoneName): EulerXyz | undefined {
  if (!bone.startsWith('right')) return leftEuler(bone);
  const left = leftEuler(bone.replace('right', 'left') as BoneName);
  return left && [left[0], -left[1], -left[2]];
}

/** Somebody at ease with hands before them, neutral face; legs and hips at rest, so that they can be seated or not. */
export function createRestPose(): Pose {
  const pose = createPose();
  for (const bone of BONES) {
    const euler = eulerOf(bone);
    if (euler) pose.values.set(quaternionOf(euler), rotationOf(bone));
  }
  return pose;
}

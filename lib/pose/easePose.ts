import { BONE_INDEX, BONES, type BoneName } from './bones';
import { createPose, type Pose, ROTATIONS_OFFSET } from './pose';
import { quatFromEuler } from './quat';

type EulerXyz = readonly [x: number, y: number, z: number];

/** Left side and middle of a relaxed person, radians about the T-pose's axes; the right side mirrors the left. */
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

/** Curl of a relaxed finger's joint, radians. */
const FINGER_CURL_RAD = 0.3;

function eulerOf(bone: BoneName): EulerXyz {
  if (bone.startsWith('right')) {
    const [x, y, z] = eulerOf(bone.replace('right', 'left') as BoneName);
    return [x, -y, -z];
  }
  const isFinger = /(Index|Middle|Ring|Little)/.test(bone);
  return AT_EASE[bone] ?? [0, 0, isFinger ? -FINGER_CURL_RAD : 0];
}

/** A relaxed person with the hands in front of the body and a neutral face; no part present. */
export function createEasePose(): Pose {
  const pose = createPose();
  for (const bone of BONES) {
    const [x, y, z] = eulerOf(bone);
    quatFromEuler(x, y, z, 'XYZ', pose.values, ROTATIONS_OFFSET + BONE_INDEX[bone] * 4);
  }
  return pose;
}

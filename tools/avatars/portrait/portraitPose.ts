import type { AvatarModel } from '../buildAvatar';
import type { Affine } from '../skeleton/affine';
import { bothSides, poseJoints } from '../skeleton/poseJoints';
import { type MorphWeights, type PosedMesh, poseModel } from './poseModel';

/** Arms hanging, head turned and tilted a little. */
const POSE: readonly Affine[] = poseJoints([
  ...bothSides('UpperArm', 'z', -72),
  ...bothSides('LowerArm', 'y', -15),
  { bone: 'head', axis: 'z', degrees: -3 },
  { bone: 'head', axis: 'y', degrees: 4 },
]);

const SMILE: MorphWeights = {
  mouthSmileLeft: 0.75,
  mouthSmileRight: 0.75,
  cheekSquintLeft: 0.3,
  cheekSquintRight: 0.3,
  browInnerUp: 0.2,
};

/** Body and face as they sit for the portrait. */
export function portraitPose(model: AvatarModel): PosedMesh[] {
  return poseModel(model, POSE, SMILE);
}

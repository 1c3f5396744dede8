import type { AvatarModel } from '../buildAvatar';
import { encodePng } from '../glb/png';
import type { Affine } from '../skeleton/affine';
import { bothSides, poseJoints } from '../skeleton/modelPose';
import { drawModel, PORTRAIT_VIEW } from './drawModel';
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
function portraitPose(model: AvatarModel): PosedMesh[] {
  return poseModel(model, POSE, SMILE);
}

/** Width and height of a portrait in pixels. */
const PORTRAIT_SIZE = 256;

/** Head and shoulders, smiling, on a transparent ground; a PNG drawn without a graphics card. */
export function portraitPng(model: AvatarModel): Buffer {
  const rgba = drawModel(portraitPose(model), model.spec.palette, PORTRAIT_VIEW, PORTRAIT_SIZE);
  return encodePng(PORTRAIT_SIZE, PORTRAIT_SIZE, rgba);
}

import type { AvatarModel } from '../buildAvatar';
import { encodePng } from '../glb/png';
import type { Affine } from '../skeleton/affine';
import { bothSides, poseJoints } from '../skeleton/modelPose';
import { drawModel, PORTRAIT_LENS } from './drawModel';
import { type MorphWeights, type PosedMesh, poseModel } from './poseModel';

/** Hanging arms, head slightly turned and tilted. */
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

/** Body and face as in the portrait. */
function portraitPose(model: AvatarModel): PosedMesh[] {
  return poseModel(model, POSE, SMILE);
}

/** Width and height of a portrait in pixels. */
const PORTRAIT_SIZE = 256;

/** A PNG of head and shoulders, smiling, on a transparent ground, drawn without a graphics card. */
export function portraitPng(model: AvatarModel): Buffer {
  const rgba = drawModel(portraitPose(model), model.spec.palette, PORTRAIT_LENS, PORTRAIT_SIZE);
  return encodePng(PORTRAIT_SIZE, PORTRAIT_SIZE, rgba);
}

import type { AvatarModel } from '../buildAvatar';
import { encodePng } from '../glb/png';
import { PORTRAIT_VIEW } from './camera';
import { drawModel } from './drawModel';
import { portraitPose } from './portraitPose';

/** Width and height of a portrait in pixels. */
export const PORTRAIT_SIZE = 256;

/** Head and shoulders, smiling, on a transparent ground; a PNG drawn without a graphics card. */
export function portraitPng(model: AvatarModel): Buffer {
  const rgba = drawModel(portraitPose(model), model.spec.palette, PORTRAIT_VIEW, PORTRAIT_SIZE);
  return encodePng(PORTRAIT_SIZE, PORTRAIT_SIZE, rgba);
}

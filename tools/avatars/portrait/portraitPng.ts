import type { AvatarModel } from '../buildAvatar';
import { encodePng } from '../glb/png';
import { portraitCamera } from './camera';
import { downsample } from './downsample';
import { portraitPose } from './portraitPose';
import { emptyCanvas, rasterise } from './rasterise';

/** Width and height of a portrait in pixels. */
export const PORTRAIT_SIZE = 256;
const SUPERSAMPLING = 3;

/** Head and shoulders, smiling, on a transparent ground; a PNG drawn without a graphics card. */
export function portraitPng(model: AvatarModel): Buffer {
  const canvas = emptyCanvas(PORTRAIT_SIZE * SUPERSAMPLING);
  const project = portraitCamera(canvas.size);
  for (const posed of portraitPose(model)) rasterise(canvas, posed, project, model.spec.palette);
  return encodePng(PORTRAIT_SIZE, PORTRAIT_SIZE, downsample(canvas, SUPERSAMPLING));
}

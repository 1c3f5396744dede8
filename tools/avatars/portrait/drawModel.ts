import type { Palette } from '../palette';
import { cameraOf, type View } from './camera';
import { downsample } from './downsample';
import type { PosedMesh } from './poseModel';
import { emptyCanvas, rasterise } from './rasterise';

const SUPERSAMPLING = 3;

/** Draws posed meshes without a graphics card: `size` x `size` RGBA bytes on a transparent ground, `samples` x `samples` a pixel. */
export function drawModel(
  meshes: readonly PosedMesh[],
  palette: Palette,
  view: View,
  size: number,
  samples = SUPERSAMPLING,
): Uint8Array {
  const canvas = emptyCanvas(size * samples);
  const project = cameraOf(view, canvas.size);
  for (const posed of meshes) rasterise(canvas, posed, project, palette);
  return downsample(canvas, samples);
}

import type { AvatarModel } from '../buildAvatar';
import { encodePng } from '../glb/png';
import { drawModel } from '../portrait/drawModel';
import { poseModel } from '../portrait/poseModel';
import type { Shot } from './sheetShots';

const SAMPLES = 2;
/** Ground of a sheet, sRGB: the warm paper of the pages. */
const GROUND = [239, 232, 222] as const;

function paste(sheet: Uint8Array, sheetWidth: number, picture: Uint8Array, size: number, x0: number, y0: number): void {
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) {
      const from = (y * size + x) * 4;
      const to = ((y0 + y) * sheetWidth + x0 + x) * 4;
      const alpha = picture[from + 3]! / 255;
      for (let c = 0; c < 3; c++) sheet[to + c] = Math.round(picture[from + c]! * alpha + GROUND[c]! * (1 - alpha));
      sheet[to + 3] = 255;
    }
}

/** One PNG of several pictures of `size` pixels, `columns` in a row, for judging an avatar by eye. */
export function contactSheet(model: AvatarModel, shots: readonly Shot[], size: number, columns: number): Buffer {
  const rows = Math.ceil(shots.length / columns);
  const width = columns * size;
  const sheet = new Uint8Array(width * rows * size * 4);
  for (let pixel = 0; pixel < sheet.length; pixel += 4) sheet.set([...GROUND, 255], pixel);
  shots.forEach(({ view, pose, weights }, i) => {
    const picture = drawModel(poseModel(model, pose, weights), model.spec.palette, view, size, SAMPLES);
    paste(sheet, width, picture, size, (i % columns) * size, Math.floor(i / columns) * size);
  });
  return encodePng(width, rows * size, sheet);
}

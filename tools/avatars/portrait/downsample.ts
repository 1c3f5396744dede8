import type { Canvas } from './rasterise';
import { toSrgb } from './shade';

/** Colours are rounded to this step: half the file, and nobody sees it. */
const COLOUR_STEP = 2;

/** Averages blocks of `factor` x `factor` samples in linear light; RGBA bytes (sRGB, straight alpha). */
export function downsample(canvas: Canvas, factor: number): Uint8Array {
  const size = canvas.size / factor;
  const rgba = new Uint8Array(size * size * 4);
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) rgba.set(meanOfBlock(canvas, x * factor, y * factor, factor), (y * size + x) * 4);
  return rgba;
}

function meanOfBlock(canvas: Canvas, x0: number, y0: number, factor: number): [number, number, number, number] {
  const sum = [0, 0, 0];
  let covered = 0;
  for (let y = y0; y < y0 + factor; y++)
    for (let x = x0; x < x0 + factor; x++) {
      const pixel = y * canvas.size + x;
      if (!canvas.covered[pixel]) continue;
      covered++;
      for (let axis = 0; axis < 3; axis++) sum[axis]! += canvas.rgb[pixel * 3 + axis]!;
    }
  if (covered === 0) return [0, 0, 0, 0];
  const byte = (axis: number) => Math.min(255, Math.round(toSrgb(sum[axis]! / covered) / COLOUR_STEP) * COLOUR_STEP);
  return [byte(0), byte(1), byte(2), Math.round((covered / factor ** 2) * 255)];
}

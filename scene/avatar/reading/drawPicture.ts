import { ATLAS_GUTTER_PX, type AtlasCell, type AtlasPicture, type Picture } from '@/lib/avatarFile/decode/picture';
import type { Image } from '@/lib/avatarFile/gltf/gltf';

/** Turns a picture into a bitmap for WebGL. */
export type DrawPicture = (picture: Picture) => Promise<ImageBitmap>;

const UNTOUCHED: ImageBitmapOptions = { premultiplyAlpha: 'none', colorSpaceConversion: 'none' };

function decode({ bytes, mimeType }: Image): Promise<ImageBitmap> {
  return createImageBitmap(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: mimeType }), UNTOUCHED);
}

/**
 * Decodes a picture, or composes an atlas of several; works in a worker too. Rejects where a picture can't be decoded.
 */
export const drawPicture: DrawPicture = (picture) =>
  picture.kind === 'plain' ? decode(picture.image) : drawAtlas(picture);

async function drawAtlas({ sidePx, cells }: AtlasPicture): Promise<ImageBitmap> {
  const canvas = new OffscreenCanvas(sidePx, sidePx);
  const context = canvas.getContext('2d')!;
  // One at a time: sixteen decoded at once would take a quarter of a gigabyte.
  for (const cell of cells) await drawCell(context, cell);
  return createImageBitmap(canvas, UNTOUCHED);
}

async function drawCell(
  context: OffscreenCanvasRenderingContext2D,
  { image, x, y, width, height }: AtlasCell,
): Promise<void> {
  const gutter = ATLAS_GUTTER_PX;
  const outer = [x - gutter, y - gutter, width + 2 * gutter, height + 2 * gutter] as const;
  if (!image) {
    context.fillStyle = 'white';
    context.fillRect(...outer);
    return;
  }
  const bitmap = await decode(image);
  // Drawn larger first, so that the gutter gets the colours of the border.
  context.drawImage(bitmap, ...outer);
  context.clearRect(x, y, width, height);
  context.drawImage(bitmap, x, y, width, height);
  bitmap.close();
}

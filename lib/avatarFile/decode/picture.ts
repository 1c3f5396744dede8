import type { Image } from '../gltf/gltf';

/** An image as in its file. */
interface PlainPicture {
  readonly kind: 'plain';
  readonly image: Image;
  /** Enlarged without blending between its pixels. */
  readonly isNearest: boolean;
}

/** A place in an atlas, pixels, without the gutter around it. */
export interface AtlasCell {
  /** The image drawn there; null for white. */
  readonly image: Image | null;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Several images side by side, so that their meshes can be drawn together. */
export interface AtlasPicture {
  readonly kind: 'atlas';
  readonly sidePx: number;
  readonly cells: readonly AtlasCell[];
}

export type Picture = PlainPicture | AtlasPicture;

/** Pixels around a cell that repeat its border, so that mipmaps don't mix neighbours. */
export const ATLAS_GUTTER_PX = 4;
const SIDE_MAX_PX = 2048;
const WHITE_PX = 8;

type Placed = Omit<AtlasCell, 'image'>;

/** Lays out rectangles in rows, tallest first; null if they don't fit a square of `side`. */
function pack(sizes: readonly (readonly [number, number])[], side: number): Placed[] | null {
  const order = sizes.map((_, index) => index).sort((a, b) => sizes[b]![1] - sizes[a]![1]);
  const placed: Placed[] = [];
  let [x, y, rowHeight] = [0, 0, 0];
  for (const index of order) {
    const [width, height] = sizes[index]!;
    const [outerWidth, outerHeight] = [width + 2 * ATLAS_GUTTER_PX, height + 2 * ATLAS_GUTTER_PX];
    if (x + outerWidth > side) [x, y, rowHeight] = [0, y + rowHeight, 0];
    if (outerWidth > side || y + outerHeight > side) return null;
    placed[index] = { x: x + ATLAS_GUTTER_PX, y: y + ATLAS_GUTTER_PX, width, height };
    rowHeight = Math.max(rowHeight, outerHeight);
    x += outerWidth;
  }
  return placed;
}

/** Lays out an atlas of all images (null: white) in at most 2048 x 2048 pixels, at the largest scale that fits. */
export function layOutAtlas(images: readonly (Image | null)[]): AtlasPicture {
  for (let scale = 1; ; scale *= 0.8) {
    const sizes = images.map((image): [number, number] => {
      const [width, height] = image ? [image.widthPx, image.heightPx] : [WHITE_PX, WHITE_PX];
      return [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
    });
    for (let side = 64; side <= SIDE_MAX_PX; side *= 2) {
      const placed = pack(sizes, side);
      if (!placed) continue;
      const cells = placed.map((cell, index) => ({ image: images[index]!, ...cell }));
      return { kind: 'atlas', sidePx: side, cells };
    }
  }
}

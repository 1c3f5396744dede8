import type { Picture } from './picture';

/** Edge (pixels) of the blocks whose mean colours are compared. */
export const BLOCK = 4;

/** How far two pictures, or parts of them, are from each other: steps of a colour channel, 0..255. */
export interface Difference {
  /** Mean over all blocks. */
  readonly mean: number;
  /** Of the block that differs most. */
  readonly most: number;
}

/** A part of a picture, pixels. */
export interface Tile {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Tiles of one size, row by row, one a name; the last row need not be full. */
export function tileGrid(names: readonly string[], columns: number, width: number, height: number): Tile[] {
  return names.map((name, i) => ({
    name,
    x: (i % columns) * width,
    y: Math.floor(i / columns) * height,
    width,
    height,
  }));
}

/** The difference of the mean colours of one block: its channel that differs most. */
export function blockDifference(a: Picture, b: Picture, x0: number, y0: number): number {
  const xEnd = Math.min(x0 + BLOCK, a.width);
  const yEnd = Math.min(y0 + BLOCK, a.height);
  const sums = [0, 0, 0];
  for (let y = y0; y < yEnd; y += 1)
    for (let x = x0; x < xEnd; x += 1) {
      const at = (y * a.width + x) * 4;
      for (let channel = 0; channel < 3; channel += 1) sums[channel]! += a.rgba[at + channel]! - b.rgba[at + channel]!;
    }
  return Math.max(...sums.map(Math.abs)) / ((xEnd - x0) * (yEnd - y0));
}

/**
 * Compares a tile of two pictures of the same size block by block. Means of small blocks are what an eye sees at arm's
 * length: they keep shapes and colours, and even out what a codec or another rasteriser does along an edge.
 */
export function compareTile(a: Picture, b: Picture, { x, y, width, height }: Tile): Difference {
  let [sum, most, count] = [0, 0, 0];
  for (let blockY = y; blockY < y + height; blockY += BLOCK)
    for (let blockX = x; blockX < x + width; blockX += BLOCK) {
      const difference = blockDifference(a, b, blockX, blockY);
      sum += difference;
      most = Math.max(most, difference);
      count += 1;
    }
  return { mean: sum / count, most };
}

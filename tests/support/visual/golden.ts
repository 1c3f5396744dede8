import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodePng } from '@/tools/avatars/glb/png';
import type { PictureCodec } from './pictureCodec';

/** A picture to compare: rows from the top, RGBA bytes (sRGB). */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** `width` * `height` * 4 bytes. */
  readonly rgba: Uint8Array;
}

/** Edge (pixels) of the blocks whose mean colours are compared. */
export const BLOCK = 4;

/** Difference between two pictures or parts of them: steps of a colour channel, 0..255. */
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

/** Tiles of one size, row by row, one per name. */
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
function blockDifference(a: Picture, b: Picture, x0: number, y0: number): number {
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
 * length: they keep shapes and colours, and even out differences of a codec or another rasteriser along edges.
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

/** Gain that makes a difference just above the tolerance visible. */
const GAIN = 6;
/** Brightness of the expected picture underneath. */
const GHOST = 0.25;

/** Where two pictures of the same size differ: bright red over a dark ghost of the expected one. */
export function differencePicture(actual: Picture, expected: Picture): Picture {
  const { width, height } = expected;
  const rgba = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * 4;
      const red = GAIN * blockDifference(actual, expected, x - (x % BLOCK), y - (y % BLOCK));
      const [r, g, b] = [0, 1, 2].map((channel) => expected.rgba[at + channel]! * GHOST);
      rgba.set([Math.min(255, r! + red), g!, b!, 255], at);
    }
  return { width, height, rgba };
}

/** Folder of the approved pictures. */
export const GOLDENS = join('tests', 'visual', 'goldens');
/** Folder for pictures that differ: `NAME-actual.png`, `NAME-expected.png`, `NAME-difference.png`. */
export const FAILURES = join('.build', 'visual');
/** How a golden is stored, and how far a tile may differ from it. */
export interface Strictness {
  /** Of WebP, 0..1; 1 keeps every pixel. */
  readonly quality: number;
  readonly tolerance: Difference;
}

/**
 * Lossless. The same Chromium draws the same bytes twice, so the tolerance is only for another one, whose rasteriser may round
 * differently along edges. The smallest changes that must be seen, measured: a smile at a third changes a block by 19, a cheek
 * at a fifth of `jawLeft` by 15; another swatch of skin changes the mean of a face by 4.
 */
const EXACT: Strictness = { quality: 1, tolerance: { mean: 0.5, most: 12 } };

/** For large pictures, in less than half the bytes. The codec alone costs up to 1.4 in the mean and 11 at most. */
export const COMPACT: Strictness = { quality: 0.93, tolerance: { mean: 2, most: 18 } };

/** A tile that differs from its golden. */
export interface TileChange extends Difference {
  readonly tile: string;
}

/** Result of {@link compareWithGolden}. */
export type GoldenVerdict =
  | { readonly kind: 'same' }
  | { readonly kind: 'written' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'size'; readonly was: string; readonly is: string }
  | { readonly kind: 'changed'; readonly tiles: readonly TileChange[] };

/** A picture and how to compare it. */
export interface GoldenOrder {
  /** File name without ending. */
  readonly name: string;
  /** PNG of a canvas or a screenshot. */
  readonly png: Buffer;
  /** Compared one by one, so that a small change is not lost in a large picture. */
  readonly tiles: readonly Tile[];
  /** Writes the picture as the golden instead of comparing. */
  readonly update: boolean;
  /** By default lossless. */
  readonly strictness?: Strictness;
}

/** The tiles in which `actual` is farther from `expected` than `tolerance` allows. */
export function changedTiles(
  actual: Picture,
  expected: Picture,
  tiles: readonly Tile[],
  tolerance: Difference = EXACT.tolerance,
): TileChange[] {
  return tiles
    .map((tile) => ({ tile: tile.name, ...compareTile(actual, expected, tile) }))
    .filter(({ mean, most }) => mean > tolerance.mean || most > tolerance.most);
}

function failureFile(name: string, what: string): string {
  return join(FAILURES, `${name}-${what}.png`);
}

function writePng(path: string, { width, height, rgba }: Picture): void {
  writeFileSync(path, encodePng(width, height, rgba));
}

async function writeGolden(codec: PictureCodec, path: string, png: Buffer, quality: number): Promise<GoldenVerdict> {
  mkdirSync(GOLDENS, { recursive: true });
  writeFileSync(path, await codec.toWebp(png, quality));
  return { kind: 'written' };
}

function sizeOf({ width, height }: Picture): string {
  return `${width} x ${height}`;
}

/** Compares a picture with its golden, or writes the golden; if they differ, leaves three pictures in {@link FAILURES}. */
export async function compareWithGolden(codec: PictureCodec, order: GoldenOrder): Promise<GoldenVerdict> {
  const { name, png, tiles, update, strictness = EXACT } = order;
  const golden = join(GOLDENS, `${name}.webp`);
  for (const what of ['actual', 'expected', 'difference']) rmSync(failureFile(name, what), { force: true });
  if (update) return writeGolden(codec, golden, png, strictness.quality);
  mkdirSync(FAILURES, { recursive: true });
  if (!existsSync(golden)) {
    writeFileSync(failureFile(name, 'actual'), png);
    return { kind: 'missing' };
  }
  const [actual, expected] = [await codec.decode(png), await codec.decode(readFileSync(golden))];
  const verdict = verdictOf(actual, expected, tiles, strictness.tolerance);
  if (verdict.kind === 'same') return verdict;
  writeFileSync(failureFile(name, 'actual'), png);
  writePng(failureFile(name, 'expected'), expected);
  if (verdict.kind === 'changed') writePng(failureFile(name, 'difference'), differencePicture(actual, expected));
  return verdict;
}

function verdictOf(actual: Picture, expected: Picture, tiles: readonly Tile[], tolerance: Difference): GoldenVerdict {
  if (sizeOf(actual) !== sizeOf(expected)) return { kind: 'size', was: sizeOf(expected), is: sizeOf(actual) };
  const changed = changedTiles(actual, expected, tiles, tolerance);
  return changed.length === 0 ? { kind: 'same' } : { kind: 'changed', tiles: changed };
}

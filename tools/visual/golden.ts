import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { encodePng } from '@/tools/avatars/glb/png';
import { compareTile, type Difference, type Tile } from './comparePictures';
import { differencePicture } from './differencePicture';
import type { Picture } from './picture';
import type { PictureCodec } from './pictureCodec';

/** Where the pictures lie that were looked at and found right. */
export const GOLDENS = join('tests', 'visual', 'goldens');
/** Where pictures that differ are put: `NAME-actual.png`, `NAME-expected.png`, `NAME-difference.png`. */
export const FAILURES = join('.build', 'visual');
/** How a golden is kept, and how far a tile may be from it. */
export interface Strictness {
  /** Of WebP, 0..1; 1 keeps every pixel. */
  readonly quality: number;
  readonly tolerance: Difference;
}

/**
 * Every pixel kept. The same Chromium draws the same bytes twice, so that all of the tolerance is for another one, whose
 * rasteriser may round otherwise along edges. The least changes that must be seen, measured: a smile at a third moves a
 * block by 19 and more, a cheek by a fifth of `jawLeft` by 15; one swatch of skin moves the mean of a face by 4.
 */
const EXACT: Strictness = { quality: 1, tolerance: { mean: 0.5, most: 12 } };

/** For large pictures: less than half the bytes. The codec alone costs up to 1.4 in the mean and 11 at most. */
export const COMPACT: Strictness = { quality: 0.93, tolerance: { mean: 2, most: 18 } };

/** A tile that is not what it was. */
export interface TileChange extends Difference {
  readonly tile: string;
}

/** How {@link compareWithGolden} found a picture. */
export type GoldenVerdict =
  | { readonly kind: 'same' }
  | { readonly kind: 'written' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'size'; readonly was: string; readonly is: string }
  | { readonly kind: 'changed'; readonly tiles: readonly TileChange[] };

/** A picture and what to compare it by. */
export interface GoldenOrder {
  /** File name without ending. */
  readonly name: string;
  /** As drawn: PNG, as a canvas or a screenshot gives it. */
  readonly png: Buffer;
  /** Compared each on its own, so that a small change isn't lost in a large picture. */
  readonly tiles: readonly Tile[];
  /** Writes the picture as the golden instead of comparing. */
  readonly update: boolean;
  /** {@link EXACT} unless said. */
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

/** Compares a picture with its golden, or writes it; where they differ, all three pictures are left in {@link FAILURES}. */
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

import { PALETTE_SLOTS, type Palette, type PaletteSlot, rgbOf } from '@/lib/core/avatarPalette';
import type { Bounds, Sdf, Vec3 } from './sdf/sdf';
import type { BoneShares } from './weights/boneWeights';

export { PALETTE_SLOTS, type Palette, type PaletteSlot };

/** Texture coordinate u of the middle of a slot's texel. */
export function slotU(slot: PaletteSlot): number {
  return (PALETTE_SLOTS.indexOf(slot) + 0.5) / PALETTE_SLOTS.length;
}

/** Red, green and blue of a slot, 0..255, sRGB. */
export function slotRgb(palette: Palette, slot: PaletteSlot): [number, number, number] {
  return rgbOf(palette[slot]);
}

/** Tint of a vertex: factors on its palette colour (linear), each 0..1. */
export type Tint = readonly [number, number, number];

/** A garment, limb or head: a shape of one colour, in the model pose. */
export interface Part {
  readonly name: string;
  readonly shape: Sdf;
  /** A smoother shape for the normals; `shape` if absent. */
  readonly litAs?: Sdf;
  readonly bounds: Bounds;
  /** Size (m) of the grid cells it is meshed with. */
  readonly cellSize: number;
  /** Most triangles it may keep. */
  readonly triangles: number;
  readonly slot: PaletteSlot;
  readonly weights: (p: Vec3) => BoneShares;
  /** Whether the shape is a left half, apart from the middle, that gets a mirror image. */
  readonly mirrored?: boolean;
  /** Tint besides the baked occlusion. */
  readonly tint?: (p: Vec3, normal: Vec3) => Tint;
  /** True for skin: coarse levels leave it out where other parts cover it, or it would show through them. */
  readonly isUnder?: boolean;
  /** Factor on the share of triangles that coarser levels keep; above 1 for thin parts that lie on others. */
  readonly keeps?: number;
  /** The coarsest level that still shows it; the last one if absent. */
  readonly lastLevel?: number;
  /** Darkest occlusion (0..1); default {@link DARKEST}. */
  readonly darkest?: number;
}

/** Factor on the colour where no light reaches. */
export const DARKEST = 0.6;

/** Detail of a build: 1 is what is shipped. */
export interface Detail {
  /** Factor on every grid cell. */
  readonly cell: number;
  /** Factor on every triangle budget. */
  readonly triangles: number;
}

export const FULL_DETAIL: Detail = { cell: 1, triangles: 1 };

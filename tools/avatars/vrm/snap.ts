/** Grid (m) positions are rounded to: far below what is seen, and rounded floats pack much better. */
export const POSITION_GRID = 1 / 16384;
/** Grid morphs are rounded to (m). */
export const MORPH_GRID = 1 / 16384;
/** Grid normals are rounded to. */
export const NORMAL_GRID = 1 / 128;

/** Values rounded to a grid that single floats hold exactly. */
export function snapped(values: ArrayLike<number>, grid: number): Float32Array {
  return Float32Array.from(values, (value) => Math.round(value / grid) * grid + 0);
}

/** A whole person smaller than this (CSS pixels) goes to level 1, then to 2, then to 3. */
const SMALLER_THAN = [340, 150, 60] as const;
/** To come back to a finer level a person has to be this much larger than where they left it. */
const HYSTERESIS = 1.15;

/** Height of a person for choosing a level of detail, metres. */
export const BODY_HEIGHT = 1.6;

/** Whoever is nearer, metres, counts as this far away. */
export const NEAREST_M = 0.1;

/** How a canvas sees sizes. */
export interface LodView {
  /** Height of the picture in CSS pixels. */
  readonly heightPx: number;
  /** Vertical field of view, degrees. */
  readonly fov: number;
  /** 1 as designed; 2 switches at twice the size, for machines that are short of triangles. */
  readonly coarseness: number;
}

/** CSS pixels that `sizeM` metres take up at `distanceM` metres. */
export function projectedPixels(sizeM: number, distanceM: number, view: LodView): number {
  return (sizeM * view.heightPx) / (2 * Math.max(NEAREST_M, distanceM) * Math.tan((view.fov * Math.PI) / 360));
}

/** The level for a person `pixels` tall who is drawn at level `current` now. */
export function nextLevel(current: number, pixels: number, coarseness: number): number {
  let level = 0;
  for (let i = 0; i < SMALLER_THAN.length; i += 1) {
    const limit = SMALLER_THAN[i]! * coarseness * (current > i ? HYSTERESIS : 1);
    if (pixels < limit) level = i + 1;
  }
  return level;
}

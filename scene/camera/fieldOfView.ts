import { clamp } from './cameraBounds';

const LANDSCAPE = 34;
const PORTRAIT = 60;

/** Vertical field of view, degrees: calm in a wide window, wide enough for a group on an upright phone. */
export function orbitFov(aspect: number): number {
  const upright = clamp((1.45 - aspect) / (1.45 - 0.5), 0, 1);
  return LANDSCAPE + (PORTRAIT - LANDSCAPE) * upright;
}

/** The same from high above the table: wider, since the ceiling is near. */
export function overTableFov(aspect: number): number {
  return orbitFov(aspect) + 22;
}

/** The same from a person's eyes: wider, to look around. */
export function firstPersonFov(aspect: number): number {
  return clamp(orbitFov(aspect) + 16, 50, 72);
}

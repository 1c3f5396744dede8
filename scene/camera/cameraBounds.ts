/** The box the camera stays in, metres: the room less a margin along its walls. */
export interface CameraBounds {
  readonly halfX: number;
  readonly halfZ: number;
  readonly minY: number;
  readonly maxY: number;
}

/** A point in metres. */
export interface Point {
  x: number;
  y: number;
  z: number;
}

/** Puts `point` inside `bounds`, in place. */
export function keepInside(point: Point, bounds: CameraBounds): void {
  point.x = clamp(point.x, -bounds.halfX, bounds.halfX);
  point.y = clamp(point.y, bounds.minY, bounds.maxY);
  point.z = clamp(point.z, -bounds.halfZ, bounds.halfZ);
}

/** How far a ray runs from `from` along the unit vector `dx dy dz` before leaving `bounds`, metres. */
export function reach(from: Point, dx: number, dy: number, dz: number, bounds: CameraBounds): number {
  const x = axisReach(from.x, dx, -bounds.halfX, bounds.halfX);
  const y = axisReach(from.y, dy, bounds.minY, bounds.maxY);
  const z = axisReach(from.z, dz, -bounds.halfZ, bounds.halfZ);
  return Math.max(0, Math.min(x, y, z));
}

function axisReach(from: number, direction: number, min: number, max: number): number {
  if (Math.abs(direction) < 1e-6) return Number.POSITIVE_INFINITY;
  return ((direction > 0 ? max : min) - from) / direction;
}

export function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}

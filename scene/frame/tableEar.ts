import type { SeatLine } from '@/scene/room/seatLayout';

/** Height of the ears of somebody who sits, metres. */
const SEATED_EAR_Y = 1.05;

/** A point in metres. */
interface Point {
  x: number;
  y: number;
  z: number;
}

/**
 * How far one may go from the middle towards `x z` before leaving a racetrack: 1 where that point is inside, else the
 * share of the way.
 */
export function shareInside({ halfStraight, radius }: SeatLine, x: number, z: number): number {
  const beyond = Math.max(0, Math.abs(x) - halfStraight);
  if (beyond * beyond + z * z <= radius * radius) return 1;
  const straight = radius / Math.abs(z);
  if (straight * Math.abs(x) <= halfStraight) return straight;
  // The ray meets the end's circle: |s (x, z) - (half, 0)| = radius for the larger s.
  const a = x * x + z * z;
  const b = Math.abs(x) * halfStraight;
  return (b + Math.sqrt(Math.max(0, b * b - a * (halfStraight ** 2 - radius ** 2)))) / a;
}

/**
 * Where somebody who looks on from `camera` hears from, into `out`: from where they are while that is over the table,
 * else from the table's edge on their side, at the height of seated ears. From a camera at the far wall everybody would
 * be faint and in one direction; from the edge of the table voices come from left and right as they are seen, none is
 * farther than across the table, and nobody's mouth is where the ear is.
 */
export function earFor(camera: Point, edge: SeatLine, out: Point): Point {
  const share = shareInside(edge, camera.x, camera.z);
  out.x = camera.x * share;
  out.y = camera.y * share + SEATED_EAR_Y * (1 - share);
  out.z = camera.z * share;
  return out;
}

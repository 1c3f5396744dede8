import type { Point } from './cameraBounds';
import { nearestTurn } from './easing';
import { type OrbitView, orbitPosition } from './orbitView';

/** A head, for a camera that has to go round it: metres. */
export type Head = Readonly<Point>;

/** Where a gliding camera is and how it looks. */
export interface GlidePose extends Point {
  /** About +Y, then about the camera's own X, radians. */
  yaw: number;
  pitch: number;
}

/** A camera's way from one view to another. */
export interface Glide {
  readonly from: OrbitView;
  readonly to: OrbitView;
  /** How much higher than the straight way its middle is, metres. */
  readonly lift: number;
  readonly durationMs: number;
}

/** Nobody's head is nearer to a gliding camera than this, metres. */
export const GLIDE_CLEARANCE = 0.4;
/** A way that turns farther is a whip pan, and one that is longer a flight: better a cut. Radians, metres. */
const TURN_MAX = 1.3;
const LENGTH_MAX = 3.4;
const LIFTS = [0, 0.15, 0.3, 0.5, 0.75, 1] as const;
const SAMPLES = 24;
/** Time of a way: so much at least, and so much a metre and a radian. */
const LEAST_MS = 1400;
const METRE_MS = 320;
const RADIAN_MS = 500;

const start: Point = { x: 0, y: 0, z: 0 };
const end: Point = { x: 0, y: 0, z: 0 };
const sample: GlidePose = { x: 0, y: 0, z: 0, yaw: 0, pitch: 0 };

/** Sets off and arrives without a jerk; 0..1. */
const smoother = (t: number): number => t * t * t * (t * (6 * t - 15) + 10);

/** Where the camera is after `share` (0..1) of the time, into `out`. */
export function glideAt({ from, to, lift }: Glide, share: number, out: GlidePose): GlidePose {
  const t = smoother(Math.min(1, Math.max(0, share)));
  orbitPosition(from, start);
  orbitPosition(to, end);
  out.x = start.x + (end.x - start.x) * t;
  out.y = start.y + (end.y - start.y) * t + lift * Math.sin(Math.PI * t);
  out.z = start.z + (end.z - start.z) * t;
  out.yaw = from.azimuth + (nearestTurn(to.azimuth, from.azimuth) - from.azimuth) * t;
  out.pitch = -(from.elevation + (to.elevation - from.elevation) * t);
  return out;
}

function clears(glide: Glide, heads: readonly Head[], ceilingY: number): boolean {
  for (let i = 1; i <= SAMPLES; i += 1) {
    const { x, y, z } = glideAt(glide, i / SAMPLES, sample);
    if (y > ceilingY) return false;
    if (heads.some((head) => Math.hypot(head.x - x, head.y - y, head.z - z) < GLIDE_CLEARANCE)) return false;
  }
  return true;
}

/**
 * The way from one view to another that meets no head and stays under `ceilingY`, over them where it has to; or null
 * where it would turn or fly too far, or finds no way: then the picture is better cut.
 */
export function planGlide(from: OrbitView, to: OrbitView, heads: readonly Head[], ceilingY: number): Glide | null {
  const turn = Math.abs(nearestTurn(to.azimuth, from.azimuth) - from.azimuth);
  orbitPosition(from, start);
  orbitPosition(to, end);
  const length = Math.hypot(end.x - start.x, end.y - start.y, end.z - start.z);
  if (turn > TURN_MAX || length > LENGTH_MAX) return null;
  const durationMs = LEAST_MS + METRE_MS * length + RADIAN_MS * turn;
  for (const lift of LIFTS) {
    const glide = { from, to, lift, durationMs };
    if (clears(glide, heads, ceilingY)) return glide;
  }
  return null;
}

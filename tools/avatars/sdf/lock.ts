import { clamp, cross, dot, length, mix, mixVec, normalize, subtract } from './maths';
import type { Sdf, Vec3 } from './sdf';

/** A lock of hair: a flat band along a quadratic curve, its flat side facing away from the head. */
export interface LockShape {
  /** Root, control point, tip. */
  readonly path: readonly [Vec3, Vec3, Vec3];
  /** Half width (m) at the root, the fullest point and the tip. */
  readonly width: readonly [number, number, number];
  /** Half thickness (m) at the fullest point. */
  readonly thickness: number;
  /** Fullest point, 0 root to 1 tip; default 0.45. */
  readonly fullestAt?: number;
}

interface Knot {
  readonly at: Vec3;
  readonly across: Vec3;
  readonly out: Vec3;
  readonly along: Vec3;
  readonly width: number;
  readonly thickness: number;
}

const KNOTS = 10;
/** Beyond this distance (m) from its bounding sphere, a lock returns the distance to the sphere. */
const FAR = 0.05;

function curve([a, b, c]: LockShape['path'], t: number): Vec3 {
  return mixVec(mixVec(a, b, t), mixVec(b, c, t), t);
}

function widthAt(shape: LockShape, t: number): number {
  const [root, full, tip] = shape.width;
  const peak = shape.fullestAt ?? 0.45;
  if (t < peak) return mix(root, full, Math.sin(((t / peak) * Math.PI) / 2));
  const s = (t - peak) / (1 - peak);
  return mix(full, tip, 1 - Math.cos((s * Math.PI) / 2));
}

function knotAt(shape: LockShape, headCenter: Vec3, t: number): Knot {
  const at = curve(shape.path, t);
  const along = normalize(subtract(curve(shape.path, t + 0.01), curve(shape.path, t - 0.01)));
  const away = normalize(subtract(at, headCenter));
  const across = normalize(cross(along, away));
  const width = widthAt(shape, t);
  const thickness = Math.min(width, shape.thickness * mix(1, width / shape.width[1], 0.7));
  return { at, across, out: cross(across, along), along, width, thickness };
}

function nearest(knots: readonly Knot[], p: Vec3): { index: number; t: number } {
  let best = { index: 0, t: 0 };
  let bestDistance = Number.POSITIVE_INFINITY;
  for (let index = 0; index + 1 < knots.length; index++) {
    const a = knots[index]!.at;
    const d = subtract(knots[index + 1]!.at, a);
    const t = clamp(dot(subtract(p, a), d) / dot(d, d));
    const distance = length(subtract(p, mixVec(a, knots[index + 1]!.at, t)));
    if (distance < bestDistance) {
      bestDistance = distance;
      best = { index, t };
    }
  }
  return best;
}

function bandDistance(a: Knot, b: Knot, t: number, p: Vec3): number {
  const offset = subtract(p, mixVec(a.at, b.at, t));
  const width = mix(a.width, b.width, t);
  const thickness = mix(a.thickness, b.thickness, t);
  const u = dot(offset, mixVec(a.across, b.across, t));
  const v = dot(offset, mixVec(a.out, b.out, t));
  const s = dot(offset, mixVec(a.along, b.along, t));
  const k0 = Math.hypot(u / width, v / thickness, s / thickness);
  const k1 = Math.hypot(u / width ** 2, v / thickness ** 2, s / thickness ** 2);
  return k1 < 1e-9 ? -thickness : (k0 * (k0 - 1)) / k1;
}

/** The field of one lock, in the space of its path; `headCenter` says which way is outwards. */
export function lock(shape: LockShape, headCenter: Vec3): Sdf {
  const knots = Array.from({ length: KNOTS }, (_, i) => knotAt(shape, headCenter, i / (KNOTS - 1)));
  const middle = curve(shape.path, 0.5);
  const reach = Math.max(...knots.map((knot) => length(subtract(knot.at, middle)) + knot.width));
  return (x, y, z) => {
    const p: Vec3 = [x, y, z];
    const fromSphere = length(subtract(p, middle)) - reach;
    if (fromSphere > FAR) return fromSphere;
    const { index, t } = nearest(knots, p);
    return bandDistance(knots[index]!, knots[index + 1]!, t, p);
  };
}

import { CANONICAL_OFFSETS } from '@/lib/pose/canonicalBody';
import { type NumberArray, setNormalizedQuat } from '@/lib/pose/quat';

/** A direction or a position in the root space (rule P-4), metres. */
export type Vec3 = Float64Array;

/** Below this length a vector has no direction. */
const TINY = 1e-6;

/** A new vector. */
export function vec3(x = 0, y = 0, z = 0): Vec3 {
  return Float64Array.of(x, y, z);
}

/** Writes x y z. */
export function setVec(x: number, y: number, z: number, out: Vec3): Vec3 {
  out[0] = x;
  out[1] = y;
  out[2] = z;
  return out;
}

/** From point `from` to point `to` of `points` (x y z a point). */
export function between(points: NumberArray, from: number, to: number, out: Vec3): Vec3 {
  for (let k = 0; k < 3; k += 1) out[k] = points[to * 3 + k]! - points[from * 3 + k]!;
  return out;
}

/** The point halfway between two points of `points`. */
export function midpoint(points: NumberArray, a: number, b: number, out: Vec3): Vec3 {
  for (let k = 0; k < 3; k += 1) out[k] = (points[a * 3 + k]! + points[b * 3 + k]!) / 2;
  return out;
}

/** a + scale b. */
export function addScaled(a: Vec3, scale: number, b: Vec3, out: Vec3): Vec3 {
  for (let k = 0; k < 3; k += 1) out[k] = a[k]! + scale * b[k]!;
  return out;
}

export function dot(a: Vec3, b: Vec3): number {
  return a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]!;
}

/** a x b. `out` may be either. */
export function cross(a: Vec3, b: Vec3, out: Vec3): Vec3 {
  const x = a[1]! * b[2]! - a[2]! * b[1]!;
  const y = a[2]! * b[0]! - a[0]! * b[2]!;
  const z = a[0]! * b[1]! - a[1]! * b[0]!;
  return setVec(x, y, z, out);
}

export function lengthOf(v: Vec3): number {
  return Math.sqrt(dot(v, v));
}

/** Scales `v` to unit length in place; `fallback` (a unit vector) replaces a vector without direction. */
export function normalize(v: Vec3, fallback: Vec3): Vec3 {
  if (!scaleToUnit(v)) v.set(fallback);
  return v;
}

/** Scales `v` to unit length in place; false if it has no direction. Does not return the length, which V8 would box. */
function scaleToUnit(v: Vec3): boolean {
  const length = Math.sqrt(v[0]! * v[0]! + v[1]! * v[1]! + v[2]! * v[2]!);
  const hasLength = length > TINY;
  for (let k = 0; hasLength && k < 3; k += 1) v[k] = v[k]! / length;
  return hasLength;
}

/** `v` without its part along the unit vector `axis`. `out` may be either. */
function dropAlong(axis: Vec3, v: Vec3, out: Vec3): void {
  const along = axis[0]! * v[0]! + axis[1]! * v[1]! + axis[2]! * v[2]!;
  for (let k = 0; k < 3; k += 1) out[k] = v[k]! - along * axis[k]!;
}

const other = vec3();

/** Any unit vector at right angles to the unit vector `axis`. */
function anyNormal(axis: Vec3, out: Vec3): Vec3 {
  const isAlongX = Math.abs(axis[0]!) > 0.8;
  setVec(isAlongX ? 0 : 1, isAlongX ? 1 : 0, 0, other);
  dropAlong(axis, other, out);
  scaleToUnit(out);
  return out;
}

/** `v` made perpendicular to the unit vector `axis` and of unit length; any normal of the axis if they are parallel. */
export function reject(axis: Vec3, v: Vec3, out: Vec3): Vec3 {
  dropAlong(axis, v, out);
  return scaleToUnit(out) ? out : anyNormal(axis, out);
}

/** The angle (radians, -pi .. pi) that turns `from` to `to` about the unit vector `axis`, both at right angles to it. */
export function signedAngle(from: Vec3, to: Vec3, axis: Vec3): number {
  const x = from[1]! * to[2]! - from[2]! * to[1]!;
  const y = from[2]! * to[0]! - from[0]! * to[2]!;
  const z = from[0]! * to[1]! - from[1]! * to[0]!;
  return Math.atan2(x * axis[0]! + y * axis[1]! + z * axis[2]!, dot(from, to));
}

/** The rotation whose columns are the right-handed orthonormal axes x, y, z (Shepperd's method). */
export function quatFromAxes(x: Vec3, y: Vec3, z: Vec3, out: NumberArray, outAt: number): void {
  const xx = 1 + x[0]! - y[1]! - z[2]!;
  const yy = 1 - x[0]! + y[1]! - z[2]!;
  const zz = 1 - x[0]! - y[1]! + z[2]!;
  const ww = 1 + x[0]! + y[1]! + z[2]!;
  const largest = Math.max(xx, yy, zz, ww);
  if (ww === largest) setNormalizedQuat(y[2]! - z[1]!, z[0]! - x[2]!, x[1]! - y[0]!, ww, out, outAt);
  else if (xx === largest) setNormalizedQuat(xx, x[1]! + y[0]!, z[0]! + x[2]!, y[2]! - z[1]!, out, outAt);
  else if (yy === largest) setNormalizedQuat(x[1]! + y[0]!, yy, z[1]! + y[2]!, z[0]! - x[2]!, out, outAt);
  else setNormalizedQuat(z[0]! + x[2]!, z[1]! + y[2]!, zz, x[1]! - y[0]!, out, outAt);
}

// The functions below take Float64Arrays alone: V8 boxes the numbers that a function reads from arrays of several kinds, and
// these run hundreds of times a frame.

/** Position of each bone relative to its parent in T-pose (`CANONICAL_OFFSETS`), metres. */
export const BONE_OFFSETS = Float64Array.from(CANONICAL_OFFSETS);

/** Turns the vector at `vAt` of `v` by the rotation x y z w at `at` of `q`. `out` may be `v`. */
export function turnVec(q: Float64Array, at: number, v: Float64Array, vAt: number, out: Vec3): Vec3 {
  const x = q[at]!;
  const y = q[at + 1]!;
  const z = q[at + 2]!;
  const w = q[at + 3]!;
  const vx = v[vAt]!;
  const vy = v[vAt + 1]!;
  const vz = v[vAt + 2]!;
  const tx = 2 * (y * vz - z * vy);
  const ty = 2 * (z * vx - x * vz);
  const tz = 2 * (x * vy - y * vx);
  out[0] = vx + w * tx + y * tz - z * ty;
  out[1] = vy + w * ty + z * tx - x * tz;
  out[2] = vz + w * tz + x * ty - y * tx;
  return out;
}

/** Turns `v` by the inverse of the rotation x y z w at `at` of `q`. `out` may be `v`. */
export function turnVecBack(q: Float64Array, at: number, v: Vec3, out: Vec3): Vec3 {
  const x = -q[at]!;
  const y = -q[at + 1]!;
  const z = -q[at + 2]!;
  const w = q[at + 3]!;
  const vx = v[0]!;
  const vy = v[1]!;
  const vz = v[2]!;
  const tx = 2 * (y * vz - z * vy);
  const ty = 2 * (z * vx - x * vz);
  const tz = 2 * (x * vy - y * vx);
  out[0] = vx + w * tx + y * tz - z * ty;
  out[1] = vy + w * ty + z * tx - x * tz;
  out[2] = vz + w * tz + x * ty - y * tx;
  return out;
}

/** Writes the rotation by `yawRad` about y, then by `liftRad` about the fixed z, to the start of `out`. */
export function writeLiftAndYaw(liftRad: number, yawRad: number, out: Float64Array): void {
  const sinLift = Math.sin(liftRad / 2);
  const cosLift = Math.cos(liftRad / 2);
  const sinYaw = Math.sin(yawRad / 2);
  const cosYaw = Math.cos(yawRad / 2);
  out[0] = -sinLift * sinYaw;
  out[1] = cosLift * sinYaw;
  out[2] = sinLift * cosYaw;
  out[3] = cosLift * cosYaw;
}

const side = vec3();

/** Turns `v`, which is perpendicular to the unit vector `axis`, about that axis. */
export function turnAbout(axis: Vec3, v: Vec3, angleRad: number, out: Vec3): Vec3 {
  cross(axis, v, side);
  const sine = Math.sin(angleRad);
  const cosine = Math.cos(angleRad);
  for (let k = 0; k < 3; k += 1) out[k] = cosine * v[k]!;
  return addScaled(out, sine, side, out);
}

import { CANONICAL_OFFSETS } from '@/lib/pose/canonicalBody';
import type { Vec3 } from './vec3';

/**
 * Turning vectors, on Float64Arrays alone: where a function is called with arrays of several kinds V8 boxes the numbers it
 * reads, and these are called hundreds of times a frame.
 */

/** Place of each bone against its parent in T-pose (`CANONICAL_OFFSETS`), metres. */
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

/** Turns `v` back by the rotation x y z w at `at` of `q`: as seen from there. `out` may be `v`. */
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

/** Writes the rotation by `yawRad` about y, then by `liftRad` about the fixed z, to the beginning of `out`. */
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

/**
 * Quaternions in flat arrays: x y z w from an offset, unit length, Hamilton product, right-handed (rules P-2, P-4).
 * Every function writes its result at `outAt` of `out`, which may be one of the inputs, and allocates nothing.
 */

/** A flat array of numbers that can be read and written: a typed array or a plain one. */
export type NumberArray = Float32Array | Float64Array | number[];

/** The six orders of intrinsic Euler rotations; the first axis is the outermost. */
export type EulerOrder = 'XYZ' | 'XZY' | 'YXZ' | 'YZX' | 'ZXY' | 'ZYX';

/** Above this cosine two quaternions are so close that slerp and nlerp agree in single precision. */
const NLERP_COSINE = 0.9995;

/** Below this angle (radians) sin(x)/x is taken from its series. */
const SMALL_ANGLE_RAD = 1e-4;

/** Below this squared length there is no direction. */
const TINY_SQUARED = 1e-12;

/** Writes x y z w. */
export function setQuat(x: number, y: number, z: number, w: number, out: NumberArray, outAt: number): void {
  out[outAt] = x;
  out[outAt + 1] = y;
  out[outAt + 2] = z;
  out[outAt + 3] = w;
}

/** Writes the identity. */
export function identityQuat(out: NumberArray, outAt: number): void {
  setQuat(0, 0, 0, 1, out, outAt);
}

/** Copies a quaternion. */
export function copyQuat(q: NumberArray, at: number, out: NumberArray, outAt: number): void {
  setQuat(q[at]!, q[at + 1]!, q[at + 2]!, q[at + 3]!, out, outAt);
}

/** Writes `x y z w` scaled to unit length; the identity where its length is zero or not a number. */
export function setNormalizedQuat(x: number, y: number, z: number, w: number, out: NumberArray, outAt: number): void {
  const squared = x * x + y * y + z * z + w * w;
  if (!(squared > TINY_SQUARED && squared < Number.MAX_VALUE)) {
    identityQuat(out, outAt);
    return;
  }
  const scale = 1 / Math.sqrt(squared);
  setQuat(x * scale, y * scale, z * scale, w * scale, out, outAt);
}

/** Scales to unit length in place; writes the identity where the length is zero. */
export function normalizeQuat(out: NumberArray, outAt: number): void {
  setNormalizedQuat(out[outAt]!, out[outAt + 1]!, out[outAt + 2]!, out[outAt + 3]!, out, outAt);
}

/** The product a b: b's rotation first, then a's, both about fixed axes. */
export function mulQuat(
  a: NumberArray,
  aAt: number,
  b: NumberArray,
  bAt: number,
  out: NumberArray,
  outAt: number,
): void {
  const ax = a[aAt]!;
  const ay = a[aAt + 1]!;
  const az = a[aAt + 2]!;
  const aw = a[aAt + 3]!;
  const bx = b[bAt]!;
  const by = b[bAt + 1]!;
  const bz = b[bAt + 2]!;
  const bw = b[bAt + 3]!;
  out[outAt] = aw * bx + ax * bw + ay * bz - az * by;
  out[outAt + 1] = aw * by - ax * bz + ay * bw + az * bx;
  out[outAt + 2] = aw * bz + ax * by - ay * bx + az * bw;
  out[outAt + 3] = aw * bw - ax * bx - ay * by - az * bz;
}

/** The inverse of a unit quaternion. */
export function conjugateQuat(q: NumberArray, at: number, out: NumberArray, outAt: number): void {
  setQuat(-q[at]!, -q[at + 1]!, -q[at + 2]!, q[at + 3]!, out, outAt);
}

/** The product of a's inverse and b: b as seen from a. */
export function mulConjugateQuat(
  a: NumberArray,
  aAt: number,
  b: NumberArray,
  bAt: number,
  out: NumberArray,
  outAt: number,
): void {
  const ax = -a[aAt]!;
  const ay = -a[aAt + 1]!;
  const az = -a[aAt + 2]!;
  const aw = a[aAt + 3]!;
  const bx = b[bAt]!;
  const by = b[bAt + 1]!;
  const bz = b[bAt + 2]!;
  const bw = b[bAt + 3]!;
  out[outAt] = aw * bx + ax * bw + ay * bz - az * by;
  out[outAt + 1] = aw * by - ax * bz + ay * bw + az * bx;
  out[outAt + 2] = aw * bz + ax * by - ay * bx + az * bw;
  out[outAt + 3] = aw * bw - ax * bx - ay * by - az * bz;
}

/** The dot product: cosine of half the angle between two rotations, with a sign. */
export function dotQuat(a: NumberArray, aAt: number, b: NumberArray, bAt: number): number {
  return a[aAt]! * b[bAt]! + a[aAt + 1]! * b[bAt + 1]! + a[aAt + 2]! * b[bAt + 2]! + a[aAt + 3]! * b[bAt + 3]!;
}

/** The angle from one rotation to another, 0 .. pi radians, whatever the signs. Exact for small angles too. */
export function angleBetweenQuats(a: NumberArray, aAt: number, b: NumberArray, bAt: number): number {
  const sign = dotQuat(a, aAt, b, bAt) < 0 ? -1 : 1;
  let apart = 0;
  let together = 0;
  for (let k = 0; k < 4; k += 1) {
    const difference = a[aAt + k]! - sign * b[bAt + k]!;
    const sum = a[aAt + k]! + sign * b[bAt + k]!;
    apart += difference * difference;
    together += sum * sum;
  }
  return 4 * Math.atan2(Math.sqrt(apart), Math.sqrt(together));
}

function weightedQuat(
  a: NumberArray,
  aAt: number,
  aWeight: number,
  b: NumberArray,
  bAt: number,
  bWeight: number,
  out: NumberArray,
  outAt: number,
): void {
  setNormalizedQuat(
    a[aAt]! * aWeight + b[bAt]! * bWeight,
    a[aAt + 1]! * aWeight + b[bAt + 1]! * bWeight,
    a[aAt + 2]! * aWeight + b[bAt + 2]! * bWeight,
    a[aAt + 3]! * aWeight + b[bAt + 3]! * bWeight,
    out,
    outAt,
  );
}

/** Normalised linear interpolation by the shorter way; `amount` 0 gives a, 1 gives b. */
export function nlerpQuat(
  a: NumberArray,
  aAt: number,
  b: NumberArray,
  bAt: number,
  amount: number,
  out: NumberArray,
  outAt: number,
): void {
  const sign = dotQuat(a, aAt, b, bAt) < 0 ? -1 : 1;
  weightedQuat(a, aAt, 1 - amount, b, bAt, sign * amount, out, outAt);
}

/** Interpolation at constant angular speed by the shorter way; `amount` 0 gives a, 1 gives b. */
export function slerpQuat(
  a: NumberArray,
  aAt: number,
  b: NumberArray,
  bAt: number,
  amount: number,
  out: NumberArray,
  outAt: number,
): void {
  const dot = dotQuat(a, aAt, b, bAt);
  const cosine = Math.abs(dot);
  if (!(cosine < NLERP_COSINE)) {
    nlerpQuat(a, aAt, b, bAt, amount, out, outAt);
    return;
  }
  const angle = Math.acos(cosine);
  const scale = 1 / Math.sin(angle);
  const bWeight = Math.sin(angle * amount) * scale * (dot < 0 ? -1 : 1);
  weightedQuat(a, aAt, Math.sin(angle * (1 - amount)) * scale, b, bAt, bWeight, out, outAt);
}

/** The rotation by `angleRad` about a unit axis. */
export function quatFromAxisAngle(
  x: number,
  y: number,
  z: number,
  angleRad: number,
  out: NumberArray,
  outAt: number,
): void {
  const sine = Math.sin(angleRad / 2);
  setQuat(x * sine, y * sine, z * sine, Math.cos(angleRad / 2), out, outAt);
}

const axisTurn = new Float64Array(4);

function setAxisTurn(axis: string, xRad: number, yRad: number, zRad: number): void {
  if (axis === 'X') quatFromAxisAngle(1, 0, 0, xRad, axisTurn, 0);
  else if (axis === 'Y') quatFromAxisAngle(0, 1, 0, yRad, axisTurn, 0);
  else quatFromAxisAngle(0, 0, 1, zRad, axisTurn, 0);
}

const eulerTurn = new Float64Array(4);

/** The rotation of intrinsic Euler angles in radians: `XYZ` turns about x, then the new y, then the new z. */
export function quatFromEuler(
  xRad: number,
  yRad: number,
  zRad: number,
  order: EulerOrder,
  out: NumberArray,
  outAt: number,
): void {
  identityQuat(eulerTurn, 0);
  for (let k = 0; k < 3; k += 1) {
    setAxisTurn(order[k]!, xRad, yRad, zRad);
    mulQuat(eulerTurn, 0, axisTurn, 0, eulerTurn, 0);
  }
  copyQuat(eulerTurn, 0, out, outAt);
}

/** The two orders of {@link quatFromAngles}: the sign by which their quaternions differ. */
const ANGLE_ORDERS = { YXZ: 1, ZYX: -1 } as const;

/**
 * The rotation of three intrinsic Euler angles, radians about x, y and z, at the start of `angles`: {@link
 * quatFromEuler} in one step. They come in an array because V8 boxes numbers that are passed.
 */
export function quatFromAngles(
  angles: NumberArray,
  order: keyof typeof ANGLE_ORDERS,
  out: NumberArray,
  outAt: number,
): void {
  const sign = ANGLE_ORDERS[order];
  const sx = Math.sin(angles[0]! / 2);
  const cx = Math.cos(angles[0]! / 2);
  const sy = Math.sin(angles[1]! / 2);
  const cy = Math.cos(angles[1]! / 2);
  const sz = Math.sin(angles[2]! / 2);
  const cz = Math.cos(angles[2]! / 2);
  out[outAt] = sx * cy * cz + sign * cx * sy * sz;
  out[outAt + 1] = cx * sy * cz - sign * sx * cy * sz;
  out[outAt + 2] = cx * cy * sz - sx * sy * cz;
  out[outAt + 3] = cx * cy * cz + sx * sy * sz;
}

/** The exponential map: from a rotation vector (axis times angle in radians) to a quaternion. */
export function expQuat(v: NumberArray, at: number, out: NumberArray, outAt: number): void {
  const x = v[at]!;
  const y = v[at + 1]!;
  const z = v[at + 2]!;
  const angle = Math.sqrt(x * x + y * y + z * z);
  const scale = angle < SMALL_ANGLE_RAD ? 0.5 - (angle * angle) / 48 : Math.sin(angle / 2) / angle;
  setQuat(x * scale, y * scale, z * scale, Math.cos(angle / 2), out, outAt);
}

/** The logarithm: from a quaternion to its rotation vector of 0 .. pi radians (three numbers). */
export function logQuat(q: NumberArray, at: number, out: NumberArray, outAt: number): void {
  const sign = q[at + 3]! < 0 ? -1 : 1;
  const x = q[at]! * sign;
  const y = q[at + 1]! * sign;
  const z = q[at + 2]! * sign;
  const sine = Math.sqrt(x * x + y * y + z * z);
  const scale = sine < SMALL_ANGLE_RAD ? 2 : (2 * Math.atan2(sine, q[at + 3]! * sign)) / sine;
  out[outAt] = x * scale;
  out[outAt + 1] = y * scale;
  out[outAt + 2] = z * scale;
}

/** Turns the vector at `v` (three numbers) by the rotation at `q`. */
export function rotateVector(
  q: NumberArray,
  qAt: number,
  v: NumberArray,
  vAt: number,
  out: NumberArray,
  outAt: number,
): void {
  const qx = q[qAt]!;
  const qy = q[qAt + 1]!;
  const qz = q[qAt + 2]!;
  const qw = q[qAt + 3]!;
  const vx = v[vAt]!;
  const vy = v[vAt + 1]!;
  const vz = v[vAt + 2]!;
  const tx = 2 * (qy * vz - qz * vy);
  const ty = 2 * (qz * vx - qx * vz);
  const tz = 2 * (qx * vy - qy * vx);
  out[outAt] = vx + qw * tx + qy * tz - qz * ty;
  out[outAt + 1] = vy + qw * ty + qz * tx - qx * tz;
  out[outAt + 2] = vz + qw * tz + qx * ty - qy * tx;
}

/** The shortest rotation that takes one unit vector to another. For opposite vectors: half a turn about some normal. */
export function quatFromUnitVectors(
  from: NumberArray,
  fromAt: number,
  to: NumberArray,
  toAt: number,
  out: NumberArray,
  outAt: number,
): void {
  const ax = from[fromAt]!;
  const ay = from[fromAt + 1]!;
  const az = from[fromAt + 2]!;
  const bx = to[toAt]!;
  const by = to[toAt + 1]!;
  const bz = to[toAt + 2]!;
  const w = 1 + ax * bx + ay * by + az * bz;
  const x = ay * bz - az * by;
  const y = az * bx - ax * bz;
  const z = ax * by - ay * bx;
  // Close to opposite, w is smaller than the rounding of its terms, but the axis still tells where to turn.
  if (w > 1e-6 || x * x + y * y + z * z > 1e-8) setNormalizedQuat(x, y, z, Math.max(0, w), out, outAt);
  else if (Math.abs(ax) > Math.abs(az)) setNormalizedQuat(-ay, ax, 0, 0, out, outAt);
  else setNormalizedQuat(0, -az, ay, 0, out, outAt);
}

/**
 * Series of sin(x)/x and cos(x) in x squared. Arguments are at most a quarter of 6 sqrt(3) radians halved, 1.3: eight
 * terms leave less than 1e-12.
 */
const SINE_SERIES = [
  1,
  -1 / 6,
  1 / 120,
  -1 / 5040,
  1 / 362880,
  -1 / 39916800,
  1 / 6227020800,
  -1 / 1307674368000,
] as const;
const COSINE_SERIES = [
  1,
  -1 / 2,
  1 / 24,
  -1 / 720,
  1 / 40320,
  -1 / 3628800,
  1 / 479001600,
  -1 / 87178291200,
  1 / 20922789888000,
] as const;

const [S0, S1, S2, S3, S4, S5, S6, S7] = SINE_SERIES;
const [C0, C1, C2, C3, C4, C5, C6, C7, C8] = COSINE_SERIES;

/**
 * The exponential map: the unit quaternion of the rotation vector at `vector[vectorAt..]` (in `unit` radians, a power
 * of two; each number within +-6 radians), written as x y z w. It uses only additions, multiplications, divisions and a
 * square root, which IEEE 754 rounds in one way, so every machine gets the same bits. The half angle is halved twice,
 * so that the series converge, and the quaternion squared twice.
 */
export function exactRotation(
  vector: Float64Array,
  vectorAt: number,
  unit: number,
  out: Float32Array | Float64Array,
  at: number,
): void {
  const x = vector[vectorAt]! * unit;
  const y = vector[vectorAt + 1]! * unit;
  const z = vector[vectorAt + 2]! * unit;
  const u = (x * x + y * y + z * z) / 64;
  const sine = S0 + u * (S1 + u * (S2 + u * (S3 + u * (S4 + u * (S5 + u * (S6 + u * S7))))));
  const cosine = C0 + u * (C1 + u * (C2 + u * (C3 + u * (C4 + u * (C5 + u * (C6 + u * (C7 + u * C8)))))));
  let w = cosine;
  let scale = sine / 8;
  for (let squaring = 0; squaring < 2; squaring += 1) {
    const doubled = 2 * w * w - 1;
    scale = 2 * w * scale;
    w = doubled;
  }
  const length = Math.sqrt(scale * scale * (u * 64) + w * w);
  out[at] = (x * scale) / length;
  out[at + 1] = (y * scale) / length;
  out[at + 2] = (z * scale) / length;
  out[at + 3] = w / length;
}

/**
 * A longer rotation vector turns the other way round, radians: more than half a turn, so that it doesn't flip back and
 * forth.
 */
const TURN_MAX_RAD = 1.45 * Math.PI;
const SMALL = 1e-9;

/**
 * The logarithm: a rotation vector (radians) of the unit quaternion `q`. Of the two within a turn it is the one nearer
 * to `near[nearAt..]`, unless that is far more than half a turn. Only the encoder uses it, so it need not be exact.
 */
export function nearestRotationVector(q: Float64Array, near: Float64Array, nearAt: number, out: Float64Array): void {
  const x = q[0]!;
  const y = q[1]!;
  const z = q[2]!;
  const w = q[3]!;
  const sine = Math.sqrt(x * x + y * y + z * z);
  if (sine < SMALL) {
    out.fill(0, 0, 3);
    return;
  }
  const angle = 2 * Math.atan2(sine, w);
  const other = angle - 2 * Math.PI;
  const along = (x * near[nearAt]! + y * near[nearAt + 1]! + z * near[nearAt + 2]!) / sine;
  const isOtherNearer = Math.abs(other - along) < Math.abs(angle - along);
  const nearer = isOtherNearer ? other : angle;
  const chosen = Math.abs(nearer) > TURN_MAX_RAD ? angle + other - nearer : nearer;
  const scale = chosen / sine;
  out[0] = x * scale;
  out[1] = y * scale;
  out[2] = z * scale;
}

/**
 * Seeded randomness as a function: nothing is remembered, so any moment can be asked for in any order.
 * `channel` keeps what uses the same seed apart.
 */

/** A number of 0 .. 1 that depends on its arguments only (the finaliser of MurmurHash3 over their mix). */
export function hash01(seed: number, channel: number, index: number): number {
  let h = (seed ^ Math.imul(channel, 0x9e3779b1) ^ Math.imul(index, 0x85ebca6b)) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 0x100000000;
}

/** A seed from a text, such as a person's id (FNV-1a). */
export function seedFromText(text: string): number {
  let h = 0x811c9dc5;
  for (let k = 0; k < text.length; k += 1) h = Math.imul(h ^ text.charCodeAt(k), 0x01000193);
  return h >>> 0;
}

/** From 0 at x <= 0 to 1 at x >= 1 with speed and acceleration zero at both ends (minimum jerk, as limbs move). */
export function ease(x: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  return x * x * x * (x * (x * 6 - 15) + 10);
}

/** Smooth noise of -1 .. 1; `x` in steps of the noise, about one change of direction a step. */
export function smoothNoise(seed: number, channel: number, x: number): number {
  const index = Math.floor(x);
  const from = hash01(seed, channel, index);
  const to = hash01(seed, channel, index + 1);
  return 2 * (from + (to - from) * ease(x - index)) - 1;
}

/** Noise with a finer, smaller layer on top, -1 .. 1. */
export function roughNoise(seed: number, channel: number, x: number): number {
  return 0.72 * smoothNoise(seed, channel, x) + 0.28 * smoothNoise(seed, channel + 500, x * 2.7);
}

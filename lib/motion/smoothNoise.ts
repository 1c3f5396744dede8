/**
 * Seeded randomness as pure functions, so that any moment can be asked for in any order. `channel` separates the uses of one
 * seed.
 */

/** 32 bits, signed, that depend on the arguments alone (the finaliser of MurmurHash3 over their mix). */
function hash32(seed: number, channel: number, index: number): number {
  let h = (seed ^ Math.imul(channel, 0x9e3779b1) ^ Math.imul(index, 0x85ebca6b)) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}

const HASHES = 0x100000000;

/** A number of 0 .. 1 that depends on its arguments alone. */
export function hash01(seed: number, channel: number, index: number): number {
  return (hash32(seed, channel, index) >>> 0) / HASHES;
}

/** From 0 at x <= 0 to 1 at x >= 1 with speed and acceleration zero at both ends (minimum jerk, as limbs move). */
export function ease(x: number): number {
  if (x <= 0) return 0;
  if (x >= 1) return 1;
  return x * x * x * (x * (x * 6 - 15) + 10);
}

/**
 * Smooth noise of -1 .. 1; `x` in steps of the noise, with about one change of direction a step. Calls only functions of whole
 * numbers and eases inline: V8 boxes fractions that pass between functions, and this is called a hundred times a sample.
 */
export function smoothNoise(seed: number, channel: number, x: number): number {
  const index = Math.floor(x);
  const from = hash32(seed, channel, index) >>> 0;
  const to = hash32(seed, channel, index + 1) >>> 0;
  const u = x - index;
  const eased = u * u * u * (u * (u * 6 - 15) + 10);
  return (2 * (from + (to - from) * eased)) / HASHES - 1;
}

/** Noise with a finer, smaller layer on top, -1 .. 1. */
export function roughNoise(seed: number, channel: number, x: number): number {
  return 0.72 * smoothNoise(seed, channel, x) + 0.28 * smoothNoise(seed, channel + 500, x * 2.7);
}

/**
 * Events without memory: time is cut into slots of equal length, and a hash decides what happens in each. An event never
 * leaves its slot, so only one slot (two for steps) has to be checked.
 */

/** Earliest start of a slot's step, and the range of starts after it, as shares of the slot. */
const STEP_EARLIEST = 0.05;
const STEP_SPREAD = 0.5;

/**
 * Progress of the current slot's step: 0 before, 1 after, eased over `riseSeconds`, which must be shorter than 0.45 slots.
 */
export function stepProgress(
  seed: number,
  channel: number,
  seconds: number,
  slotSeconds: number,
  riseSeconds: number,
): number {
  const slot = Math.floor(seconds / slotSeconds);
  const start = (STEP_EARLIEST + STEP_SPREAD * hash01(seed, channel, slot)) * slotSeconds;
  return ease((seconds - slot * slotSeconds - start) / riseSeconds);
}

/** 0 outside, 1 inside an event from `start` to `end`, eased over `riseSeconds` at both ends. All in seconds. */
export function envelope(seconds: number, start: number, end: number, riseSeconds: number): number {
  return ease((seconds - start) / riseSeconds) * ease((end - seconds) / riseSeconds);
}

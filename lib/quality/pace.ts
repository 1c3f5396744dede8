/** Waits differ by this much either way, so that people who share a way do not climb in step. */
const SPREAD = 0.2;

/** The seed after `seed`: a linear congruential generator modulo 2^32 (Numerical Recipes' constants). */
export function nextSeed(seed: number): number {
  return (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
}

/** A factor of 0.8 to 1.2 for a wait. */
export function paceOf(seed: number): number {
  return 1 - SPREAD + (2 * SPREAD * seed) / 0x1_0000_0000;
}

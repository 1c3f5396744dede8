import { ease, hash01 } from './smoothNoise';

/**
 * Events without memory: time is cut into slots of equal length, and a hash decides what happens in each. An event
 * never leaves its slot, so only one slot (for steps: two) has to be looked at.
 */

/** Earliest and latest moment in a slot (as a share of it) at which its step begins. */
const STEP_EARLIEST = 0.05;
const STEP_SPREAD = 0.5;

/**
 * How far the step of the current slot has gone: 0 before, 1 after, eased over `riseSeconds`, which must be shorter
 * than 0.45 slots.
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

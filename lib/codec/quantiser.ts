import { UNIT_CHANNELS_MAX } from './channels';

/** The first step is taken from this much of it on: less is not worth saying which way. */
const FIRST_STEP_FROM = 0.7;
/** Further steps are taken from this much of them on: more than half, as small residuals are likelier. */
const NEXT_STEP_FROM = 0.56;
/**
 * What a bit is worth, in squared steps of error. An anchor's error stays for the frames after it to be predicted from;
 * that of a frame between is gone with it.
 */
const ANCHOR_BIT_WORTH = 0.17;
const BETWEEN_BIT_WORTH = 1;
/** Bits that a unit which moves costs beyond its flag: for each channel that moves, and for each step of it. */
const BITS_PER_CHANNEL = 2.5;
const BITS_PER_STEP = 1.2;

const PROBABILITY_SHIFT = 8;
/** Bits of an event by its probability in 1/256. */
const BITS = Float64Array.from({ length: 257 }, (_, p) => -Math.log2(Math.max(0.25, p) / 256));

function rounded(wanted: Float64Array, at: number): number {
  const amount = Math.abs(wanted[at]!);
  if (amount < FIRST_STEP_FROM) return 0;
  const size = Math.max(1, Math.floor(amount + 1 - NEXT_STEP_FROM));
  return wanted[at]! < 0 ? -size : size;
}

/**
 * Chooses residuals by what they cost: the whole steps next to `wanted` (steps; `count` of them), or none at all where the
 * error saved is not worth the bits. `probability` (1/65536) is the model's that the unit moves. Writes them to
 * `residuals[at..]`. Encoder only: the decoder takes whatever comes.
 */
export function chooseResiduals(
  wanted: Float64Array,
  count: number,
  probability: number,
  residuals: Int32Array,
  at: number,
  isBetween: boolean,
): void {
  let gain = 0;
  let bits = 0;
  for (let k = 0; k < count; k += 1) {
    const steps = rounded(wanted, k);
    residuals[at + k] = steps;
    if (steps === 0) continue;
    const error = wanted[k]! - steps;
    gain += wanted[k]! * wanted[k]! - error * error;
    bits += BITS_PER_CHANNEL + BITS_PER_STEP * Math.abs(steps);
  }
  const flag = probability >> PROBABILITY_SHIFT;
  const cost = bits + BITS[flag]! - BITS[256 - flag]!;
  if (gain > cost * (isBetween ? BETWEEN_BIT_WORTH : ANCHOR_BIT_WORTH)) return;
  for (let k = 0; k < count; k += 1) residuals[at + k] = 0;
}

/** Room for the wanted steps of a unit. */
export function createWanted(): Float64Array {
  return new Float64Array(UNIT_CHANNELS_MAX);
}

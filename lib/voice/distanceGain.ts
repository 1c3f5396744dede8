/** Up to this far a voice is heard in full, metres: one's neighbours at the table. */
export const FULL_WITHIN_M = 1.2;

/** How much of the inverse law is felt, 0 none to 1 as in the open air. A table for sixteen is talked across, not shouted. */
const ROLLOFF = 0.5;

/** Nobody becomes softer than this, dB: the far end of the table, and the table seen from a camera far away. */
export const FLOOR_DB = -9;

const FLOOR = 10 ** (FLOOR_DB / 20);

/**
 * Gain (0 .. 1) of a voice `distanceM` metres away: the `inverse` law of the Web Audio API's PannerNode, with a floor that
 * it does not have. https://webaudio.github.io/web-audio-api/#dom-distancemodeltype-inverse
 */
export function distanceGain(distanceM: number): number {
  if (!(distanceM > FULL_WITHIN_M)) return 1;
  const gain = FULL_WITHIN_M / (FULL_WITHIN_M + ROLLOFF * (distanceM - FULL_WITHIN_M));
  return Math.max(FLOOR, gain);
}

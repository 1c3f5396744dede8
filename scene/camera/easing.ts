/** Share of the way to go in `deltaMs` so that after `timeMs` about 63 % is done, whatever the frame rate. */
export function easeShare(deltaMs: number, timeMs: number): number {
  return timeMs <= 0 ? 1 : 1 - Math.exp(-deltaMs / timeMs);
}

/** The angle equal to `angle` that is nearest to `reference`, radians. */
export function nearestTurn(angle: number, reference: number): number {
  return angle - Math.round((angle - reference) / (2 * Math.PI)) * 2 * Math.PI;
}

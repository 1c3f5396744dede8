/**
 * Share of the remaining distance to cover in `deltaMs` so that about 63 % is covered after `timeMs`, at any frame
 * rate.
 */
export function easeShare(deltaMs: number, timeMs: number): number {
  return timeMs <= 0 ? 1 : 1 - Math.exp(-deltaMs / timeMs);
}

/** The angle equal to `angle` modulo a full turn that is nearest to `reference`, radians. */
export function nearestTurn(angle: number, reference: number): number {
  return angle - Math.round((angle - reference) / (2 * Math.PI)) * 2 * Math.PI;
}

/**
 * Whether a pose is due that is drawn every `intervalMs` and was drawn at `lastMs` (NaN for never). `phase` (0..1)
 * spreads people over the interval, so that not all are due in the same frame.
 */
export function isPoseDue(lastMs: number, nowMs: number, intervalMs: number, phase: number): boolean {
  if (intervalMs === 0 || Number.isNaN(lastMs)) return true;
  return Math.floor(nowMs / intervalMs + phase) !== Math.floor(lastMs / intervalMs + phase);
}

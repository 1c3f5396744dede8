import { HIDDEN } from '@/scene/avatar/rigRows';

/** Up to so many people everybody moves at every frame. */
const FULL_RATE_PEOPLE = 24;
/** Time between two poses in a larger crowd, by level of detail: every frame, 30 a second, 15 a second. */
const INTERVALS_MS = [0, 33, 66] as const;
/** Of somebody outside the picture, whose pose is only kept ready. */
const HIDDEN_INTERVAL_MS = 132;

/** Time between two poses of somebody drawn at `level` among `people`, milliseconds; 0 for every frame. */
export function poseIntervalMs(level: number, people: number, isSpeaking: boolean): number {
  if (people <= FULL_RATE_PEOPLE || (isSpeaking && level !== HIDDEN)) return 0;
  if (level === HIDDEN) return HIDDEN_INTERVAL_MS;
  return INTERVALS_MS[Math.min(level, INTERVALS_MS.length - 1)]!;
}

/**
 * Whether a pose is due that is drawn every `intervalMs` and was drawn at `lastMs` (NaN for never). `phase` (0..1)
 * spreads people over the interval, so that not all are due in the same frame.
 */
export function isPoseDue(lastMs: number, nowMs: number, intervalMs: number, phase: number): boolean {
  if (intervalMs === 0 || Number.isNaN(lastMs)) return true;
  return Math.floor(nowMs / intervalMs + phase) !== Math.floor(lastMs / intervalMs + phase);
}

import { HAND_LANDMARK_COUNT, type HandReading } from '@/lib/core/landmarks';
import { PointFilter, type PointFilterSettings } from './pointFilter';
import { Presence } from './presence';
import { areUsable, toRootSpace } from './usable';

/** As of the body; a hand's points lie closer together, so that the same jitter turns them further. */
const HAND_FILTER: PointFilterSettings = { minCutoffHz: 0.7, beta: 28, speedCutoffHz: 3, jitter: 0.0018 };

/** No point of a hand lies farther from its middle, metres. */
const REACH_M = 1;

const raw = new Float64Array(HAND_LANDMARK_COUNT * 3);

/** A hand as last read: filtered points in the axes of the root space about the hand's middle. */
export class HandTrack {
  readonly presence = new Presence();
  /** Time between the last two readings; 0 at the first. */
  elapsedMs = 0;
  private readonly filter = new PointFilter(HAND_LANDMARK_COUNT, HAND_FILTER);
  private timeMs = Number.NaN;

  /** {@link HAND_LANDMARK_COUNT} x (x, y, z), metres. */
  get points(): Float64Array {
    return this.filter.values;
  }

  /** Takes a reading unless it has been taken before or can't be used; says whether it did. */
  take(reading: HandReading | null, dtMs: number): boolean {
    const isUsable = reading !== null && areUsable(reading.world, HAND_LANDMARK_COUNT * 3, REACH_M);
    const isNew = isUsable && reading.timeMs !== this.timeMs;
    this.presence.advance(dtMs, isUsable, isNew);
    if (!this.presence.isPresent) this.filter.forget();
    if (!isNew) return false;
    this.elapsedMs = reading.timeMs > this.timeMs ? reading.timeMs - this.timeMs : 0;
    this.timeMs = reading.timeMs;
    toRootSpace(reading.world, HAND_LANDMARK_COUNT, raw);
    this.filter.advance(raw, this.elapsedMs);
    return true;
  }
}

import { BODY_LANDMARK_COUNT, type BodyReading } from '@/lib/core/landmarks';
import { BoneLengths } from './boneLengths';
import { areSidesSwapped, swapSides } from './flipGuard';
import { Gate } from './gate';
import { PointFilter, type PointFilterSettings } from './pointFilter';
import { Presence } from './presence';
import { SIDES, type Side } from './side';
import { areUsable, toRootSpace } from './usable';

/** Least jitter for a small part of a frame of lag, measured on people who sit still and who gesture; metres. */
const BODY_FILTER: PointFilterSettings = { minCutoffHz: 0.7, beta: 20, speedCutoffHz: 3, jitter: 0.0025 };

/** No point of a body lies farther from its hips, metres. */
const REACH_M = 5;
/** After so long, where the body was says nothing about which side is which. */
const REMEMBERED_MS = 1000;

const raw = new Float64Array(BODY_LANDMARK_COUNT * 3);
const seen = new Float64Array(BODY_LANDMARK_COUNT);

/** The body as last read: filtered points in the root space about the middle of the hips, and what of it is in sight. */
export class BodyTrack {
  readonly presence = new Presence();
  readonly hips = new Gate();
  readonly legs = new Gate();
  readonly arms: readonly [Gate, Gate] = [new Gate(), new Gate()];
  /** Time between the last two readings; 0 at the first. */
  elapsedMs = 0;
  readonly lengths = new BoneLengths();
  private readonly filter = new PointFilter(BODY_LANDMARK_COUNT, BODY_FILTER);
  private timeMs = Number.NaN;

  /** {@link BODY_LANDMARK_COUNT} x (x, y, z), metres. */
  get points(): Float64Array {
    return this.filter.values;
  }

  /**
   * Takes a reading unless it has been taken before or can't be used; says whether it did. `front`: which way the face looks
   * (x y z, unit), null where there is none.
   */
  take(reading: BodyReading | null, front: Float64Array | null, dtMs: number): boolean {
    const isUsable =
      reading !== null &&
      areUsable(reading.world, BODY_LANDMARK_COUNT * 3, REACH_M) &&
      areUsable(reading.visibility, BODY_LANDMARK_COUNT, 1);
    const isNew = isUsable && reading.timeMs !== this.timeMs;
    this.presence.advance(dtMs, isUsable, isNew);
    if (this.presence.absentMs > REMEMBERED_MS) this.forget();
    if (!isNew) return false;
    this.elapsedMs = reading.timeMs > this.timeMs ? reading.timeMs - this.timeMs : 0;
    this.timeMs = reading.timeMs;
    this.read(reading, front);
    return true;
  }

  private read(reading: BodyReading, front: Float64Array | null): void {
    toRootSpace(reading.world, BODY_LANDMARK_COUNT, raw);
    seen.set(reading.visibility);
    if (areSidesSwapped(raw, this.filter.isFresh ? null : this.points, front)) {
      swapSides(raw, 3);
      swapSides(seen, 1);
    }
    this.filter.advance(raw, this.elapsedMs);
    this.lengths.learn(this.points, this.elapsedMs);
    this.look();
  }

  /** Opens and shuts the gates; a limb is as visible as the least visible of its points. */
  private look(): void {
    const [left, right] = SIDES;
    const hips = Math.min(seen[left.landmark.hip]!, seen[right.landmark.hip]!);
    this.hips.advance(hips, this.elapsedMs);
    this.legs.advance(Math.min(hips, legVisibility(left), legVisibility(right)), this.elapsedMs);
    this.arms[0].advance(seen[left.landmark.wrist]!, this.elapsedMs);
    this.arms[1].advance(seen[right.landmark.wrist]!, this.elapsedMs);
  }

  private forget(): void {
    if (this.filter.isFresh) return;
    this.filter.forget();
    this.lengths.forget();
    this.hips.shut();
    this.legs.shut();
    for (const arm of this.arms) arm.shut();
  }
}

function legVisibility({ landmark }: Side): number {
  return Math.min(seen[landmark.knee]!, seen[landmark.ankle]!);
}

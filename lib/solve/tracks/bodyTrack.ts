import { BODY_LANDMARK_COUNT, type BodyReading, HAND_LANDMARK_COUNT, type HandReading } from '@/lib/core/landmarks';
import { BodyLandmark, OTHER_SIDE, SIDES, type Side } from '../anatomy';
import { BoneLengths } from '../body/boneLengths';
import { PointFilter, type PointFilterSettings } from './filters';
import { areUsable, Gate, Presence, toRootSpace } from './readings';

const { leftShoulder, rightShoulder } = BodyLandmark;

/** Landmarks that tell the sides apart: shoulders to wrists and hips to ankles. */
const PAIRED = [11, 12, 13, 14, 15, 16, 23, 24, 25, 26, 27, 28] as const;

/** Swapped sides must cost less than this share of what the model's own sides cost. */
const SWAP_BELOW = 0.8;
/** Chest and face clearly agree or disagree from this cosine on; heads turn sideways, not backwards. */
const CLEAR_COSINE = 0.5;

/** Sum of the squared distances from where the paired points were to where they are now, with or without swapped sides. */
function cost(points: Float64Array, before: Float64Array, isSwapped: boolean): number {
  let sum = 0;
  for (let k = 0; k < PAIRED.length; k += 1) {
    const to = PAIRED[k]! * 3;
    const from = (isSwapped ? OTHER_SIDE[PAIRED[k]!]! : PAIRED[k]!) * 3;
    for (let axis = 0; axis < 3; axis += 1) {
      const moved = points[from + axis]! - before[to + axis]!;
      sum += moved * moved;
    }
  }
  return sum;
}

/**
 * How well the direction of the chest agrees with `front` (x y z, unit): the cosine of the angle between them as seen from
 * above; 0 if the shoulders lie above each other.
 */
function agreement(points: Float64Array, front: Float64Array): number {
  const x = points[leftShoulder * 3]! - points[rightShoulder * 3]!;
  const z = points[leftShoulder * 3 + 2]! - points[rightShoulder * 3 + 2]!;
  const length = Math.sqrt(x * x + z * z) * Math.sqrt(front[0]! * front[0]! + front[2]! * front[2]!);
  return (x * front[2]! - z * front[0]!) / Math.max(length, 1e-6);
}

const TO_CAMERA = Float64Array.of(0, 0, 1);

/**
 * Whether the model has confused left and right. The face decides if it can (`front`: where it looks, or null), as no head
 * looks backwards over its own chest. Otherwise sides continue from where they were (`before`); with nothing before, people
 * are taken to face the webcam.
 */
function areSidesSwapped(points: Float64Array, before: Float64Array | null, front: Float64Array | null): boolean {
  const known = front ?? (before === null ? TO_CAMERA : null);
  const agrees = known === null ? 0 : agreement(points, known);
  if (Math.abs(agrees) > CLEAR_COSINE) return agrees < 0;
  return before !== null && cost(points, before, true) < SWAP_BELOW * cost(points, before, false);
}

function swapAt(values: Float64Array, a: number, b: number, size: number): void {
  for (let k = 0; k < size; k += 1) {
    const kept = values[a * size + k]!;
    values[a * size + k] = values[b * size + k]!;
    values[b * size + k] = kept;
  }
}

/** Exchanges left and right of a body's numbers, `size` for each landmark, in place. */
function swapSides(values: Float64Array, size: number): void {
  for (let point = 0; point < BODY_LANDMARK_COUNT; point += 1) {
    if (OTHER_SIDE[point]! > point) swapAt(values, point, OTHER_SIDE[point]!, size);
  }
}

/** The least jitter for a fraction of a frame of lag, measured on people who sit still and who gesture; metres. */
const BODY_FILTER: PointFilterSettings = { minCutoffHz: 0.7, beta: 20, speedCutoffHz: 3, jitter: 0.0025 };

/** No point of a body lies farther from its hips, metres. */
const REACH_M = 5;
/** After this long, where the body was says nothing about its sides. */
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
   * Takes a reading unless it was taken before or is unusable; returns whether it did. `front`: where the face looks (x y z,
   * unit), null without a face.
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

/** As for the body, but a hand's points lie closer together, so the same jitter turns them further. */
const HAND_FILTER: PointFilterSettings = { minCutoffHz: 0.7, beta: 28, speedCutoffHz: 3, jitter: 0.0018 };

/** No point of a hand lies farther from its middle, metres. */
const HAND_REACH_M = 1;

const rawHand = new Float64Array(HAND_LANDMARK_COUNT * 3);

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

  /** Takes a reading unless it was taken before or is unusable; returns whether it did. */
  take(reading: HandReading | null, dtMs: number): boolean {
    const isUsable = reading !== null && areUsable(reading.world, HAND_LANDMARK_COUNT * 3, HAND_REACH_M);
    const isNew = isUsable && reading.timeMs !== this.timeMs;
    this.presence.advance(dtMs, isUsable, isNew);
    if (!this.presence.isPresent) this.filter.forget();
    if (!isNew) return false;
    this.elapsedMs = reading.timeMs > this.timeMs ? reading.timeMs - this.timeMs : 0;
    this.timeMs = reading.timeMs;
    toRootSpace(reading.world, HAND_LANDMARK_COUNT, rawHand);
    this.filter.advance(rawHand, this.elapsedMs);
    return true;
  }
}

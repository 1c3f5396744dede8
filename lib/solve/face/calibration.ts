import type { LandmarkFrame } from '@/lib/core/landmarks';
import { ARKIT_BLENDSHAPES, ARKIT_COUNT } from '@/lib/pose/arkit';
import { dotQuat, setNormalizedQuat } from '@/lib/pose/quat';
import { headOfMatrix, readFaceWeights } from '../tracks/faceTrack';

/**
 * How one person looks while sitting naturally, looking straight ahead, face at rest. Plain data of plain arrays: it
 * survives `JSON.stringify`, and {@link readCalibration} takes it back.
 */
export interface Calibration {
  readonly version: 1;
  /** The head's rotation in the webcam's space, x y z w. */
  readonly head: readonly number[];
  /** ARKit's weights at rest, in the order of a pose (rule P-6). */
  readonly weights: readonly number[];
  /** Standard deviation of each weight at rest. */
  readonly deviations: readonly number[];
}

/** The calibration of a person who has not calibrated: the face as the model reports it. */
export const NEUTRAL_CALIBRATION: Calibration = {
  version: 1,
  head: [0, 0, 0, 1],
  weights: ARKIT_BLENDSHAPES.map(() => 0),
  deviations: ARKIT_BLENDSHAPES.map(() => 0),
};

/** Faces needed: less than a second of them is not enough. */
const CALIBRATION_SAMPLES_MIN = 15;
/** Heads turned further than this from the webcam are not looking straight ahead, radians. */
const HEAD_MAX_RAD = (50 * Math.PI) / 180;

/** Gathers the faces of a person who sits naturally for about two seconds. */
export class Calibrator {
  private count = 0;
  private timeMs = Number.NaN;
  private readonly head = new Float64Array(4);
  private readonly sums = new Float64Array(ARKIT_COUNT);
  private readonly squares = new Float64Array(ARKIT_COUNT);
  private readonly weights = new Float64Array(ARKIT_COUNT);

  /** Faces taken so far; {@link CALIBRATION_SAMPLES_MIN} are needed. */
  get samples(): number {
    return this.count;
  }

  /** Takes the face of `frame`, unless it was taken before, is turned away or is unusable. */
  add(frame: LandmarkFrame): void {
    const { face } = frame;
    if (face === null || face.timeMs === this.timeMs) return;
    const head = headOfMatrix(face.matrix);
    if (head === null || 2 * Math.acos(Math.min(1, Math.abs(head[3]!))) > HEAD_MAX_RAD) return;
    this.timeMs = face.timeMs;
    const sign = dotQuat(head, 0, this.head, 0) < 0 ? -1 : 1;
    for (let k = 0; k < 4; k += 1) this.head[k] = this.head[k]! + sign * head[k]!;
    readFaceWeights(face.blendshapes, this.weights);
    this.addWeights();
    this.count += 1;
  }

  /** The calibration, or null if too few faces were taken. */
  finish(): Calibration | null {
    if (this.count < CALIBRATION_SAMPLES_MIN) return null;
    const head = [0, 0, 0, 1];
    setNormalizedQuat(this.head[0]!, this.head[1]!, this.head[2]!, this.head[3]!, head, 0);
    const weights = Array.from(this.sums, (sum) => sum / this.count);
    const deviations = Array.from(this.squares, (square, shape) =>
      Math.sqrt(Math.max(0, square / this.count - weights[shape]! ** 2)),
    );
    return { version: 1, head, weights, deviations };
  }

  private addWeights(): void {
    for (let shape = 0; shape < ARKIT_COUNT; shape += 1) {
      const weight = this.weights[shape]!;
      this.sums[shape] = this.sums[shape]! + weight;
      this.squares[shape] = this.squares[shape]! + weight * weight;
    }
  }
}

function isNumbers(value: unknown, length: number, min: number, max: number): value is readonly number[] {
  if (!Array.isArray(value) || value.length !== length) return false;
  return value.every((one) => typeof one === 'number' && one >= min && one <= max);
}

/** Reads a stored calibration; null if `value` is none. */
export function readCalibration(value: unknown): Calibration | null {
  if (typeof value !== 'object' || value === null) return null;
  const { version, head, weights, deviations } = value as Partial<Record<keyof Calibration, unknown>>;
  if (version !== 1 || !isNumbers(head, 4, -1, 1) || !head.some((one) => Math.abs(one) > 0.4)) return null;
  if (!isNumbers(weights, ARKIT_COUNT, 0, 1) || !isNumbers(deviations, ARKIT_COUNT, 0, 1)) return null;
  return { version, head, weights, deviations };
}

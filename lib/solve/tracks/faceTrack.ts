import { FACE_BLENDSHAPE_COUNT, FACE_BLENDSHAPES, type FaceReading } from '@/lib/core/landmarks';
import { ARKIT_COUNT, ARKIT_INDEX, type ArkitBlendshape } from '@/lib/pose/arkit';
import { dotQuat } from '@/lib/pose/quat';
import { quatFromAxes, setVec, turnVec, vec3 } from '../vectors';
import { OneEuro, type OneEuroSettings } from './filters';
import { areUsable, Presence } from './readings';

/** Lids shut within two pictures: weights may hardly lag. */
const WEIGHT_FILTER: OneEuroSettings = { minCutoffHz: 2.5, beta: 6, speedCutoffHz: 3 };
/** On the components of the head's quaternion: half radians. */
const HEAD_FILTER: OneEuroSettings = { minCutoffHz: 2, beta: 12, speedCutoffHz: 3 };
/** Positions are centimetres; no one is farther than this from the webcam. */
const MATRIX_LIMIT = 10_000;
const MATRIX_LENGTH = 16;

/** For each of the model's blendshapes its index among ARKit's, -1 for `_neutral`. */
const ARKIT_PLACES = FACE_BLENDSHAPES.map((name) => ARKIT_INDEX[name as ArkitBlendshape] ?? -1);

const weights = new Float64Array(ARKIT_COUNT);
const head = new Float64Array(4);
const FORWARD = vec3(0, 0, 1);
const axes = [vec3(), vec3(), vec3()] as const;

/** Makes `axes` an orthonormal right-handed frame from the matrix' columns; false if they span none. */
function readAxes(matrix: Float32Array): boolean {
  for (let column = 0; column < 3; column += 1) {
    const at = column * 4;
    setVec(matrix[at]!, matrix[at + 1]!, matrix[at + 2]!, axes[column]!);
  }
  return orthonormalize();
}

function scaleToUnit(v: Float64Array): boolean {
  const length = Math.sqrt(v[0]! * v[0]! + v[1]! * v[1]! + v[2]! * v[2]!);
  if (!(length > 1e-6)) return false;
  setVec(v[0]! / length, v[1]! / length, v[2]! / length, v);
  return true;
}

function orthonormalize(): boolean {
  const [x, y, z] = axes;
  if (!scaleToUnit(z)) return false;
  setVec(y[1]! * z[2]! - y[2]! * z[1]!, y[2]! * z[0]! - y[0]! * z[2]!, y[0]! * z[1]! - y[1]! * z[0]!, x);
  if (!scaleToUnit(x)) return false;
  setVec(z[1]! * x[2]! - z[2]! * x[1]!, z[2]! * x[0]! - z[0]! * x[2]!, z[0]! * x[1]! - z[1]! * x[0]!, y);
  return true;
}

/** The face as last read: filtered head rotation and weights, before any calibration. */
export class FaceTrack {
  readonly presence = new Presence();
  private readonly looks = vec3();
  private readonly weightFilter = new OneEuro(ARKIT_COUNT, 1, WEIGHT_FILTER);
  private readonly headFilter = new OneEuro(1, 4, HEAD_FILTER);
  private timeMs = Number.NaN;

  /** The head in the webcam's space, x y z w; near unit length. */
  get head(): Float64Array {
    return this.headFilter.values;
  }

  /** Where the face looks in the root space, unit; null without a face. */
  get front(): Float64Array | null {
    if (!this.presence.isPresent) return null;
    return turnVec(this.head, 0, FORWARD, 0, this.looks);
  }

  /** {@link ARKIT_COUNT} weights of 0..1 in the order of a pose (rule P-6). */
  get weights(): Float64Array {
    return this.weightFilter.values;
  }

  /** Takes a reading unless it was taken before or is unusable; returns whether it did. */
  take(reading: FaceReading | null, dtMs: number): boolean {
    const isUsable =
      reading !== null &&
      areUsable(reading.matrix, MATRIX_LENGTH, MATRIX_LIMIT) &&
      areUsable(reading.blendshapes, FACE_BLENDSHAPE_COUNT, 1) &&
      readAxes(reading.matrix);
    const isNew = isUsable && reading.timeMs !== this.timeMs;
    this.presence.advance(dtMs, isUsable, isNew);
    if (!this.presence.isPresent) this.forget();
    if (!isNew) return false;
    const elapsedMs = reading.timeMs > this.timeMs ? reading.timeMs - this.timeMs : 0;
    this.timeMs = reading.timeMs;
    this.read(reading, elapsedMs);
    return true;
  }

  private read(reading: FaceReading, elapsedMs: number): void {
    readFaceWeights(reading.blendshapes, weights);
    this.weightFilter.advance(weights, elapsedMs);
    quatFromAxes(axes[0], axes[1], axes[2], head, 0);
    if (!this.headFilter.isFresh && dotQuat(head, 0, this.head, 0) < 0)
      for (let k = 0; k < 4; k += 1) head[k] = -head[k]!;
    this.headFilter.advance(head, elapsedMs);
  }

  private forget(): void {
    this.weightFilter.forget();
    this.headFilter.forget();
  }
}

/** Maps the model's blendshapes to ARKit's weights in the order of a pose; weights that the model lacks stay 0. */
export function readFaceWeights(blendshapes: Float32Array, out: Float64Array): void {
  out.fill(0);
  for (let shape = 0; shape < FACE_BLENDSHAPE_COUNT; shape += 1) {
    const place = ARKIT_PLACES[shape]!;
    if (place >= 0) out[place] = Math.max(0, blendshapes[shape]!);
  }
}

const once = new Float64Array(4);

/** The rotation of a face's matrix, x y z w, or null if it has none. Returns a new array, for calibration. */
export function headOfMatrix(matrix: Float32Array): Float64Array | null {
  if (!areUsable(matrix, MATRIX_LENGTH, MATRIX_LIMIT) || !readAxes(matrix)) return null;
  quatFromAxes(axes[0], axes[1], axes[2], once, 0);
  return once.slice();
}

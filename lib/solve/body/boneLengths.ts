import { BodyLandmark } from '../anatomy';
import { between, normalize, type Vec3, vec3, lengthOf as vectorLength } from '../vectors';

/** Bones whose lengths are learned; both sides of a body share one length. */
export const BoneLength = { upperArm: 0, lowerArm: 1, upperLeg: 2, lowerLeg: 3, shoulders: 4, hips: 5 } as const;

const { leftShoulder, rightShoulder, leftElbow, rightElbow, leftWrist, rightWrist } = BodyLandmark;
const { leftHip, rightHip, leftKnee, rightKnee, leftAnkle, rightAnkle } = BodyLandmark;

/** Where the bones of each kind end: left and right, from and to. */
const ENDS: ReadonlyArray<readonly number[]> = [
  [leftShoulder, leftElbow, rightShoulder, rightElbow],
  [leftElbow, leftWrist, rightElbow, rightWrist],
  [leftHip, leftKnee, rightHip, rightKnee],
  [leftKnee, leftAnkle, rightKnee, rightAnkle],
  [rightShoulder, leftShoulder],
  [rightHip, leftHip],
];

/** Older measurements than this hardly count. */
const MEMORY_SECONDS = 8;
/** After this long a length is trusted by half. */
const TRUST_SECONDS = 1;
/** How much more certain a model is across the picture than in depth: the square of 40 mm over 15 mm. */
const DEPTH_VARIANCE = (40 / 15) ** 2;
/** Depth is multiplied by no more than this: from near zero, its sign would be a guess. Lines only shrink. */
const STRETCH_MAX = [1.5, 1.5, 1.5, 1.5, 1, 1] as const;
const SHRINK_MAX = 0.05;
/** Bisection steps for the factor: to a thousandth. */
const ROUNDS = 11;
/** Noise is taken to lengthen a bone by no more than this share. */
const NOISE_SHARE_MAX = 0.1;

/** No learned bone is shorter, metres. */
const SHORT_M = 1e-3;

/** Share of a fitted bone's change that its joint moves by: its other end is as uncertain. */
const JOINT_SHARE = 0.5;

const bone = vec3();
/** Results of {@link findFactors}: across the picture, and in depth. */
const factors = new Float64Array(2);
const fitted = vec3();
const line = vec3();

/** Indices of a limb's landmarks: its root, joint and end, and the root of the same limb on the other side. */
export interface Limb {
  readonly root: number;
  readonly joint: number;
  readonly end: number;
  readonly other: number;
}

/**
 * Learns the lengths of a person's bones and makes measured bones fit them. Depth, where a model is least certain, gives way
 * first.
 */
export class BoneLengths {
  private readonly means = new Float64Array(ENDS.length);
  private readonly squares = new Float64Array(ENDS.length);
  /** By kind, metres; 0 while unknown. */
  private readonly lengths = new Float64Array(ENDS.length);
  private seconds = 0;

  forget(): void {
    this.seconds = 0;
    this.means.fill(0);
    this.squares.fill(0);
    this.lengths.fill(0);
  }

  /** Takes points (x y z each, metres) read `elapsedMs` after the previous ones. */
  learn(points: Float64Array, elapsedMs: number): void {
    const seconds = Math.min(elapsedMs / 1000, 0.2);
    this.seconds = Math.min(MEMORY_SECONDS, this.seconds + seconds);
    const share = this.seconds > 0 ? seconds / this.seconds : 1;
    for (let kind = 0; kind < ENDS.length; kind += 1) this.learnKind(points, kind, share);
  }

  /** The unit direction of a bone between two points, made to fit its length; `fallback` if it has none. */
  direct(points: Float64Array, from: number, to: number, kind: number, fallback: Vec3, out: Vec3): Vec3 {
    return normalize(this.fit(between(points, from, to, out), kind), fallback);
  }

  /**
   * The limb as two bones that fit their lengths (`kind` and the one after it), not of unit length. The error of one bone
   * tells something about the joint, and so about the other bone; so does the error of the line (`lineKind`) from the root to
   * the root on the other side.
   */
  directLimb(points: Float64Array, limb: Limb, kind: number, lineKind: number, upper: Vec3, lower: Vec3): void {
    between(points, limb.root, limb.joint, upper);
    between(points, limb.joint, limb.end, lower);
    this.share(between(points, limb.other, limb.root, line), upper, lineKind);
    this.share(upper, lower, kind);
    this.share(lower, upper, kind + 1);
    this.fit(upper, kind);
  }

  /** Makes a bone fit its length, in place. */
  private fit(v: Vec3, kind: number): Vec3 {
    if (this.lengths[kind]! <= SHORT_M) return v;
    const trust = this.seconds / (this.seconds + TRUST_SECONDS);
    findFactors(v, this.lengths, kind);
    const across = 1 + trust * (factors[0]! - 1);
    v[0] = v[0]! * across;
    v[1] = v[1]! * across;
    v[2] = v[2]! * (1 + trust * (factors[1]! - 1));
    return v;
  }

  /** Makes `own` fit its length; half of the change moves the joint, so the `next` bone changes the opposite way. */
  private share(own: Vec3, next: Vec3, kind: number): void {
    fitted.set(own);
    this.fit(fitted, kind);
    for (let k = 0; k < 3; k += 1) {
      next[k] = next[k]! - JOINT_SHARE * (fitted[k]! - own[k]!);
      own[k] = fitted[k]!;
    }
  }

  private learnKind(points: Float64Array, kind: number, share: number): void {
    const ends = ENDS[kind]!;
    let mean = 0;
    let square = 0;
    for (let k = 0; k < ends.length; k += 2) {
      const length = vectorLength(between(points, ends[k]!, ends[k + 1]!, bone));
      mean += (2 * length) / ends.length;
      square += (2 * length * length) / ends.length;
    }
    this.means[kind] = this.means[kind]! + share * (mean - this.means[kind]!);
    this.squares[kind] = this.squares[kind]! + share * (square - this.squares[kind]!);
    this.lengths[kind] = this.likelyLength(kind);
  }

  /** The mean length less what noise adds: about its variance over the length. */
  private likelyLength(kind: number): number {
    const mean = this.means[kind]!;
    const variance = Math.max(0, this.squares[kind]! - mean * mean);
    return mean - Math.min(NOISE_SHARE_MAX * mean, variance / Math.max(mean, SHORT_M));
  }
}

/**
 * Finds the factors, across the picture and in depth, that give a bone its length. With normal errors, the most likely bone
 * multiplies depth by a factor f (found by bisection, within limits) and the rest by 1 / (1 + (1 / f - 1) / r), where r is
 * the ratio of the variances (Lagrange). One function with its results in an array, since it runs some twenty times a frame
 * and V8 boxes numbers that pass between functions.
 */
function findFactors(measured: Vec3, lengths: Float64Array, kind: number): void {
  const across = measured[0]! * measured[0]! + measured[1]! * measured[1]!;
  const depth = measured[2]! * measured[2]!;
  const goal = lengths[kind]! * lengths[kind]!;
  let step = (STRETCH_MAX[kind]! - SHRINK_MAX) / 2;
  let factor = SHRINK_MAX + step;
  for (let round = 0; round <= ROUNDS; round += 1) {
    const other = 1 / (1 + (1 / factor - 1) / DEPTH_VARIANCE);
    factors[0] = other;
    factors[1] = factor;
    step /= 2;
    factor += across * other * other + depth * factor * factor > goal ? -step : step;
  }
}

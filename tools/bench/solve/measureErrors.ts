import { BONE_INDEX, type BoneName } from '@/lib/pose/bones';
import { type BodyState, createBodyState, solveBody } from '@/lib/pose/forwardKinematics';
import { type Pose, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { angleBetweenQuats, rotateVector } from '@/lib/pose/quat';
import type { CorpusClip } from '../motion/corpusClip';
import { createFilteredPeer, solveWithKalidokit } from './kalidokitPeer';
import { BODY_NOISE, HAND_NOISE, LandmarkNoise } from './landmarkNoise';
import { landmarksOf } from './landmarkTruth';
import { createOurSolver, isFacing } from './solveClip';

export const DEGREES = 180 / Math.PI;

/** Scored bones; both sides count. */
const SCORED = ['hips', 'chest', 'head', 'upper_arm', 'lower_arm', 'hand', 'upper_leg', 'lower_leg'] as const;
export type Scored = (typeof SCORED)[number];

type Vector = readonly [x: number, y: number, z: number];

interface Probe {
  readonly bone: number;
  /** The compared direction: along a limb, for other bones where they face. */
  readonly direction: Vector;
}

const probe = (bone: BoneName, ...direction: Vector): Probe => ({ bone: BONE_INDEX[bone], direction });

const PROBES: Readonly<Record<Scored, readonly Probe[]>> = {
  hips: [probe('hips', 0, 0, 1)],
  chest: [probe('chest', 0, 0, 1)],
  head: [probe('head', 0, 0, 1)],
  upper_arm: [probe('leftUpperArm', 1, 0, 0), probe('rightUpperArm', -1, 0, 0)],
  lower_arm: [probe('leftLowerArm', 1, 0, 0), probe('rightLowerArm', -1, 0, 0)],
  hand: [probe('leftHand', 1, 0, 0), probe('rightHand', -1, 0, 0)],
  upper_leg: [probe('leftUpperLeg', 0, -1, 0), probe('rightUpperLeg', 0, -1, 0)],
  lower_leg: [probe('leftLowerLeg', 0, -1, 0), probe('rightLowerLeg', 0, -1, 0)],
};

const WRISTS = [BONE_INDEX.leftHand, BONE_INDEX.rightHand];
const HIPS = BONE_INDEX.hips;

/** Values of one kind, for their mean and 95th percentile. */
export class Sample {
  private readonly values: number[] = [];

  add(value: number): void {
    if (!Number.isFinite(value)) throw new Error('a solved number is not finite');
    this.values.push(value);
  }

  get count(): number {
    return this.values.length;
  }

  get mean(): number {
    return this.values.reduce((sum, value) => sum + value, 0) / this.values.length;
  }

  get rms(): number {
    return Math.sqrt(this.values.reduce((sum, value) => sum + value * value, 0) / this.values.length);
  }

  get p95(): number {
    return [...this.values].sort((a, b) => a - b)[Math.floor(this.values.length * 0.95)]!;
  }
}

function directionOf({ rotations }: BodyState, { bone, direction }: Probe): number[] {
  const turned = [0, 0, 0];
  rotateVector(rotations, bone * 4, [...direction], 0, turned, 0);
  return turned;
}

function angleDeg(a: readonly number[], b: readonly number[]): number {
  const dot = a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]!;
  const apart = Math.hypot(a[0]! - b[0]!, a[1]! - b[1]!, a[2]! - b[2]!);
  const together = Math.hypot(a[0]! + b[0]!, a[1]! + b[1]!, a[2]! + b[2]!);
  return Number.isFinite(dot) ? 2 * Math.atan2(apart, together) * DEGREES : Number.NaN;
}

function bySample(): Record<Scored, Sample> {
  return Object.fromEntries(SCORED.map((bone) => [bone, new Sample()])) as Record<Scored, Sample>;
}

/** Collects how far solved poses are from the true ones. */
export class BoneErrors {
  /** Angle between the directions of a bone in the root space, degrees. */
  readonly direction = bySample();
  /** Angle between a bone's rotations against its parent, twist included, degrees. */
  readonly local = bySample();
  /** Distance of the wrists, from the hips of the canonical body, millimetres. */
  readonly wristMm = new Sample();
  private readonly truth = createBodyState();
  private readonly solved = createBodyState();

  add(truth: Pose, solved: Pose): void {
    solveBody(truth, this.truth);
    solveBody(solved, this.solved);
    for (const bone of SCORED) {
      for (const one of PROBES[bone]) {
        this.direction[bone].add(angleDeg(directionOf(this.truth, one), directionOf(this.solved, one)));
        const at = ROTATIONS_OFFSET + one.bone * 4;
        this.local[bone].add(DEGREES * angleBetweenQuats(truth.values, at, solved.values, at));
      }
    }
    for (const wrist of WRISTS) this.addWrist(wrist);
  }

  private addWrist(wrist: number): void {
    const fromHips = ({ positions }: BodyState, k: number) => positions[wrist * 3 + k]! - positions[HIPS * 3 + k]!;
    const [x, y, z] = [0, 1, 2].map((k) => fromHips(this.truth, k) - fromHips(this.solved, k)) as [
      number,
      number,
      number,
    ];
    this.wristMm.add(1000 * Math.hypot(x, y, z));
  }
}

/** Noise drifts slowly compared with a clip, so each clip runs once per seed. */
const SEEDS = [1, 2, 3] as const;
const SEEDS_APART = 1000;
const NO_NOISE = [null] as const;

/** Errors of all solvers on the same landmarks. */
export interface SolverErrors {
  readonly ours: BoneErrors;
  readonly kalidokit: BoneErrors;
  /** Kalidokit behind our filter of points, as an app that smooths first would run it. */
  readonly filtered: BoneErrors;
}

/** Runs every clip through all solvers and scores the frames that face the webcam. */
export function measureErrors(clips: readonly CorpusClip[], isNoisy: boolean): SolverErrors {
  const errors = { ours: new BoneErrors(), kalidokit: new BoneErrors(), filtered: new BoneErrors() };
  for (const seed of isNoisy ? SEEDS : NO_NOISE) {
    clips.forEach((clip, at) => {
      measureClip(clip, seed === null ? null : seed * SEEDS_APART + at, errors);
    });
  }
  return errors;
}

/** `seed` of the noise, or null for none. */
function measureClip({ poses, fps }: CorpusClip, seed: number | null, errors: SolverErrors): void {
  const frameMs = 1000 / fps;
  const noise = seed === null ? null : new LandmarkNoise(seed, BODY_NOISE, HAND_NOISE);
  const read = (frame: number) => {
    const exact = landmarksOf(poses[frame]!, frame * frameMs);
    return noise === null ? exact : noise.apply(exact);
  };
  const first = read(0);
  const ours = createOurSolver(first, frameMs);
  const filtered = createFilteredPeer(solveWithKalidokit);
  poses.forEach((truth, at) => {
    const frame = at === 0 ? first : read(at);
    const solved = ours(frame, frameMs);
    const peer = solveWithKalidokit(frame);
    const smoothed = filtered(frame, frameMs);
    if (!isFacing(truth)) return;
    errors.ours.add(truth, solved);
    if (peer !== null) errors.kalidokit.add(truth, peer);
    if (smoothed !== null) errors.filtered.add(truth, smoothed);
  });
}

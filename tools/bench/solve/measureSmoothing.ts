import type { LandmarkFrame } from '@/lib/core/landmarks';
import { BONE_INDEX } from '@/lib/pose/bones';
import { createBodyState, solveBody } from '@/lib/pose/forwardKinematics';
import type { Pose } from '@/lib/pose/pose';
import { angleBetweenQuats } from '@/lib/pose/quat';
import { BODY_NOISE, HAND_NOISE, LandmarkNoise, withoutDrift } from './landmarkNoise';
import { landmarksOf } from './landmarkTruth';
import { DEGREES, Sample } from './measureErrors';
import { createOurSolver, type FrameSolver } from './solveClip';

const SEED = 11;
/** How long a pose is held. */
const FRAMES = 150;

const { head, chest, leftUpperArm, rightUpperArm, leftLowerArm, rightLowerArm, leftHand, rightHand } = BONE_INDEX;
const BODY_BONES = [head, chest, leftUpperArm, rightUpperArm, leftLowerArm, rightLowerArm];
const HAND_BONES = [leftHand, rightHand];

/** Creates a solver that has settled on a first frame. */
export type SolverMaker = (first: LandmarkFrame, frameMs: number) => FrameSolver;

/** Turns of bones from frame to frame while the person keeps still, degrees. */
export class Jitter {
  readonly body = new Sample();
  readonly hands = new Sample();
  private before = createBodyState();
  private now = createBodyState();
  private isFirst = true;

  add(pose: Pose): void {
    solveBody(pose, this.now);
    if (!this.isFirst) {
      this.addBones(BODY_BONES, this.body);
      this.addBones(HAND_BONES, this.hands);
    }
    [this.before, this.now] = [this.now, this.before];
    this.isFirst = false;
  }

  /** The next pose does not follow the last one. */
  cut(): void {
    this.isFirst = true;
  }

  private addBones(bones: readonly number[], sample: Sample): void {
    for (const bone of bones) {
      sample.add(DEGREES * angleBetweenQuats(this.before.rotations, bone * 4, this.now.rotations, bone * 4));
    }
  }
}

/** Holds each of `poses` still before a jittering model: white noise, since the bias of a still picture is constant. */
export function measureStatic(poses: readonly Pose[], frameMs: number, create: SolverMaker = createOurSolver): Jitter {
  const jitter = new Jitter();
  for (const pose of poses) {
    const noise = new LandmarkNoise(SEED, withoutDrift(BODY_NOISE), withoutDrift(HAND_NOISE));
    const solver = create(landmarksOf(pose, 0), frameMs);
    jitter.cut();
    for (let frame = 1; frame <= FRAMES; frame += 1) {
      const solved = solver(noise.apply(landmarksOf(pose, frame * frameMs)), frameMs);
      // The solver settled on the pose without noise; half a second lets it forget that.
      if (frame > 500 / frameMs) jitter.add(solved);
    }
  }
  return jitter;
}

/** Delays to try, frames; negative ones would be foresight. */
const FRAMES_MIN = -2;
const FRAMES_MAX = 6;
const DELAYS = Array.from({ length: FRAMES_MAX - FRAMES_MIN + 1 }, (_, index) => FRAMES_MIN + index);
const WRISTS = [BONE_INDEX.leftHand, BONE_INDEX.rightHand];

const body = createBodyState();

/** Positions of the wrists relative to the hips, metres. */
function wristsOf(pose: Pose): number[] {
  const { positions } = solveBody(pose, body);
  return WRISTS.flatMap((wrist) =>
    [0, 1, 2].map((k) => positions[wrist * 3 + k]! - positions[BONE_INDEX.hips * 3 + k]!),
  );
}

/** Compares true and solved motion and finds the delay at which they fit best. */
export class LagMeter {
  private readonly sums = new Float64Array(DELAYS.length);
  private count = 0;

  /** Adds a clip: true and solved poses, one per frame. Steps are compared, so that a constant offset does not count. */
  add(truth: readonly Pose[], solved: readonly Pose[]): void {
    const [real, seen] = [truth.map(wristsOf), solved.map(wristsOf)];
    for (let frame = FRAMES_MAX + 1; frame < real.length + FRAMES_MIN; frame += 1) {
      DELAYS.forEach((delay, index) => {
        this.sums[index] = this.sums[index]! + stepError(real, frame - delay, seen, frame);
      });
      this.count += 1;
    }
  }

  /** The best delay, frames: the vertex of the parabola through the least sum and its neighbours. */
  get frames(): number {
    if (this.count === 0) return 0;
    const best = this.sums.indexOf(Math.min(...this.sums));
    if (best === 0 || best === DELAYS.length - 1) return DELAYS[best]!;
    const [a, b, c] = [this.sums[best - 1]!, this.sums[best]!, this.sums[best + 1]!];
    return DELAYS[best]! + (0.5 * (a - c)) / (a - 2 * b + c);
  }
}

/** Squared difference between the true and the solved step of the wrists. */
function stepError(real: number[][], at: number, seen: number[][], seenAt: number): number {
  let sum = 0;
  for (let k = 0; k < 6; k += 1) {
    const step = seen[seenAt]![k]! - seen[seenAt - 1]![k]! - (real[at]![k]! - real[at - 1]![k]!);
    sum += step * step;
  }
  return sum;
}

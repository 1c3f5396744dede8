import type { LandmarkFrame } from '@/lib/core/landmarks';
import { BONE_INDEX } from '@/lib/pose/bones';
import { createBodyState, solveBody } from '@/lib/pose/forwardKinematics';
import type { Pose } from '@/lib/pose/pose';
import { angleBetweenQuats } from '@/lib/pose/quat';
import { DEGREES, Sample } from './boneErrors';
import { BODY_NOISE, HAND_NOISE, LandmarkNoise, withoutDrift } from './landmarkNoise';
import { landmarksOf } from './landmarkTruth';
import { createOurSolver, type FrameSolver } from './solveClip';

const SEED = 11;
/** How long a pose is held. */
const FRAMES = 150;

const { head, chest, leftUpperArm, rightUpperArm, leftLowerArm, rightLowerArm, leftHand, rightHand } = BONE_INDEX;
const BODY_BONES = [head, chest, leftUpperArm, rightUpperArm, leftLowerArm, rightLowerArm];
const HAND_BONES = [leftHand, rightHand];

/** Makes a solver that is settled on a first frame. */
export type SolverMaker = (first: LandmarkFrame, frameMs: number) => FrameSolver;

/** How far bones turn from a frame to the next while the person keeps still, degrees. */
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

  /** The next pose is not the one after the last. */
  cut(): void {
    this.isFirst = true;
  }

  private addBones(bones: readonly number[], sample: Sample): void {
    for (const bone of bones) {
      sample.add(DEGREES * angleBetweenQuats(this.before.rotations, bone * 4, this.now.rotations, bone * 4));
    }
  }
}

/** Holds each of `poses` still before a jittering model: white noise, since of a picture that rests the bias rests too. */
export function measureStatic(poses: readonly Pose[], frameMs: number, create: SolverMaker = createOurSolver): Jitter {
  const jitter = new Jitter();
  for (const pose of poses) {
    const noise = new LandmarkNoise(SEED, withoutDrift(BODY_NOISE), withoutDrift(HAND_NOISE));
    const solver = create(landmarksOf(pose, 0), frameMs);
    jitter.cut();
    for (let frame = 1; frame <= FRAMES; frame += 1) {
      const solved = solver(noise.apply(landmarksOf(pose, frame * frameMs)), frameMs);
      // The solver was settled on the pose without noise: half a second lets it forget that.
      if (frame > 500 / frameMs) jitter.add(solved);
    }
  }
  return jitter;
}

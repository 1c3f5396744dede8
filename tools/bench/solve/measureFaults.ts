import { BODY_LANDMARK_COUNT, type BodyReading, type LandmarkFrame } from '@/lib/core/landmarks';
import { BONE_PARTS } from '@/lib/pose/boneParts';
import { BONE_COUNT } from '@/lib/pose/bones';
import { type Pose, PosePart, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { OTHER_SIDE } from '@/lib/solve/anatomy';
import { seededRandom } from '@/tools/seededRandom';
import type { CorpusClip } from '../motion/corpusClip';
import { solveWithKalidokit } from './kalidokitPeer';
import { BODY_NOISE, HAND_NOISE, LandmarkNoise } from './landmarkNoise';
import { landmarksOf } from './landmarkTruth';
import { createOurSolver, isFacing, yawDeg } from './solveClip';

const FLIP_SEED = 5;
/** Share of frames without a face in which the model confuses left and right. */
const FLIP_SHARE = 0.4;
/** Mean length of a run of flipped frames. */
const RUN_FRAMES = 5;
/** Hips turned further than this from the truth are flipped. */
const FLIPPED_DEG = 90;

export interface Flips {
  readonly frames: number;
  /** Frames in which the model flipped. */
  readonly told: number;
  /** Frames in which our solver turned the person round. */
  readonly ours: number;
  readonly kalidokit: number;
}

/** A body with left and right swapped. */
export function swapBody(body: BodyReading): BodyReading {
  const swap = (values: Float32Array, size: number) =>
    values.map((_, at) => values[OTHER_SIDE[Math.floor(at / size)]! * size + (at % size)]!);
  return { ...body, world: swap(body.world, 3), image: swap(body.image, 3), visibility: swap(body.visibility, 1) };
}

/** Removes face and hands, and flips the body in runs. */
function createFlipper(random: () => number): (frame: LandmarkFrame) => { frame: LandmarkFrame; isFlipped: boolean } {
  let isFlipped = false;
  const end = 1 / RUN_FRAMES;
  const begin = (end * FLIP_SHARE) / (1 - FLIP_SHARE);
  return (frame) => {
    if (random() < (isFlipped ? end : begin)) isFlipped = !isFlipped;
    const body = frame.body && isFlipped ? swapBody(frame.body) : frame.body;
    return { frame: { ...frame, body, face: null, leftHand: null, rightHand: null }, isFlipped };
  };
}

function isTurned(truth: Pose, solved: Pose): boolean {
  const apart = Math.abs(yawDeg(truth) - yawDeg(solved)) % 360;
  return Math.min(apart, 360 - apart) > FLIPPED_DEG;
}

/** Noisy clips of people without a visible face, with flips in 40 % of the frames, as in recordings. */
export function measureFlips(clips: readonly CorpusClip[]): Flips {
  const flips = { frames: 0, told: 0, ours: 0, kalidokit: 0 };
  for (const { poses, fps } of clips) {
    const noise = new LandmarkNoise(FLIP_SEED, BODY_NOISE, HAND_NOISE);
    const flip = createFlipper(seededRandom(FLIP_SEED));
    const frames = poses.map((pose, at) => flip(noise.apply(landmarksOf(pose, (at * 1000) / fps))));
    const solver = createOurSolver(frames[0]!.frame, 1000 / fps);
    poses.forEach((truth, at) => {
      const { frame, isFlipped } = frames[at]!;
      const ours = solver(frame, 1000 / fps);
      if (!isFacing(truth)) return;
      const peer = solveWithKalidokit(frame);
      flips.frames += 1;
      if (isFlipped) flips.told += 1;
      if (isTurned(truth, ours)) flips.ours += 1;
      if (peer === null || isTurned(truth, peer)) flips.kalidokit += 1;
    });
  }
  return flips;
}

const SEATED_SEED = 3;
const FIRST_HIDDEN = 23;
/** Visibility that the model reports for hips, knees and ankles under a desk: never more, by measurement. */
const HIDDEN_VISIBILITY = 0.06;

/** Number of frames in which the solver outputs legs while a desk hides them, from noisy landmarks of moving legs. */
export function measureSeated(poses: readonly Pose[], frameMs: number): number {
  const noise = new LandmarkNoise(SEATED_SEED, BODY_NOISE, HAND_NOISE);
  const visibility = new Float32Array(BODY_LANDMARK_COUNT).fill(1);
  visibility.fill(HIDDEN_VISIBILITY, FIRST_HIDDEN);
  const frames = poses.map((pose, at) => {
    const frame = noise.apply(landmarksOf(pose, at * frameMs));
    return { ...frame, body: frame.body && { ...frame.body, visibility } };
  });
  if (frames.length === 0) return 0;
  const solver = createOurSolver(frames[0]!, frameMs);
  return frames.filter((frame) => movesLegs(solver(frame, frameMs))).length;
}

function movesLegs({ parts, values }: Pose): boolean {
  if ((parts & PosePart.legs) !== 0) return true;
  const legs = Array.from({ length: BONE_COUNT }, (_, bone) => bone).filter(
    (bone) => BONE_PARTS[bone] === PosePart.legs,
  );
  return legs.some((bone) => values[ROTATIONS_OFFSET + bone * 4 + 3] !== 1);
}

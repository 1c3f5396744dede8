import { BODY_LANDMARK_COUNT } from '@/lib/core/landmarks';
import { BONE_PARTS } from '@/lib/pose/boneParts';
import { BONE_COUNT } from '@/lib/pose/bones';
import { type Pose, PosePart, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { BODY_NOISE, HAND_NOISE, LandmarkNoise } from './landmarkNoise';
import { landmarksOf } from './landmarkTruth';
import { createOurSolver } from './solveClip';

const SEED = 3;
const FIRST_HIDDEN = 23;
/** What the model tells of hips, knees and ankles under a desk, measured: never more than this. */
const HIDDEN_VISIBILITY = 0.06;

/** In how many frames anything of the legs is given out while a desk hides them; noisy landmarks of legs that move. */
export function measureSeated(poses: readonly Pose[], frameMs: number): number {
  const noise = new LandmarkNoise(SEED, BODY_NOISE, HAND_NOISE);
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

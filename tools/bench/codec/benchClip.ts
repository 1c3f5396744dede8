import { blendPoses } from '@/lib/pose/blendPoses';
import { BODY_BONE_COUNT } from '@/lib/pose/bones';
import { copyPose, createPose, type Pose, PosePart, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { angleBetweenQuats } from '@/lib/pose/quat';
import type { CorpusClip } from '../motion/corpusClip';

/** A clip as it is encoded. */
export interface BenchClip {
  /** Frames in a second. */
  readonly fps: number;
  readonly poses: readonly Pose[];
  /** For each body bone, whether it moves in the clip. */
  readonly isMoving: readonly boolean[];
}

/** The parts of a pose without face and fingers. */
export const BODY_PARTS = PosePart.hips | PosePart.upperBody | PosePart.legs;

/** A bone that never turns further from its first rotation stands still, radians. */
const STILL_RAD = (0.1 * Math.PI) / 180;

function moves(poses: readonly Pose[], bone: number): boolean {
  const at = ROTATIONS_OFFSET + bone * 4;
  return poses.some(({ values }) => angleBetweenQuats(poses[0]!.values, at, values, at) > STILL_RAD);
}

/** A clip with only `parts` of its poses. */
export function benchClip({ poses, fps }: CorpusClip, parts: number): BenchClip {
  const isMoving = Array.from({ length: BODY_BONE_COUNT }, (_, bone) => moves(poses, bone));
  const masked = poses.map((pose) => {
    const copy = copyPose(pose, createPose());
    copy.parts = pose.parts & parts;
    if ((parts & PosePart.leftFingers) === 0) clearFingers(copy);
    return copy;
  });
  return { fps, poses: masked, isMoving };
}

/** Absent bones hold the rest pose (rule P-8), so that positions of fingertips compare. */
function clearFingers({ values }: Pose): void {
  const rest = createPose().values;
  const from = ROTATIONS_OFFSET + BODY_BONE_COUNT * 4;
  values.set(rest.subarray(from), from);
}

/** The clip resampled to `fps` by blending neighbouring poses. */
export function atRate(clip: BenchClip, fps: number): BenchClip {
  const { poses } = clip;
  const step = clip.fps / fps;
  const count = Math.floor((poses.length - 1) / step) + 1;
  const resampled = Array.from({ length: count }, (_, k) => {
    const before = Math.floor(k * step);
    const after = Math.min(before + 1, poses.length - 1);
    return blendPoses(poses[before]!, poses[after]!, k * step - before, createPose());
  });
  return { ...clip, fps, poses: resampled };
}

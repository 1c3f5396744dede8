import { rotateVector } from '@/lib/pose/quat';
import type { BvhClip } from './bvhClip';
import { BvhError } from './bvhError';
import { type BvhPose, createBvhPose, solveBvhFrame, solveBvhRest } from './bvhPose';
import type { SkeletonMap } from './bvhSkeleton';
import type { RestAlignment } from './restAlignment';

/** Frames looked at for the floor; more would not find a lower one. */
const FLOOR_SAMPLES_MAX = 400;
/** Share of those frames that may lie below the floor: a foot that sinks in, a glitch. */
const FLOOR_PERCENTILE = 0.05;

/** Heights of a clip's body, in the file's unit along Parley's up. */
export interface ClipGround {
  readonly floorHeight: number;
  /** Height of the hips over the soles when standing at rest. */
  readonly hipsRestHeight: number;
}

const point = new Float64Array(3);

function heightOf(pose: BvhPose, joint: number, alignment: RestAlignment): number {
  rotateVector(alignment.toRoot, 0, pose.positions, joint * 3, point, 0);
  return point[1]!;
}

function endHeight(clip: BvhClip, pose: BvhPose, joint: number, alignment: RestAlignment): number {
  const end = clip.joints[joint]!.end;
  if (!end) return Number.POSITIVE_INFINITY;
  point.set(end);
  rotateVector(pose.rotations, joint * 4, point, 0, point, 0);
  rotateVector(alignment.toRoot, 0, point, 0, point, 0);
  return point[1]! + heightOf(pose, joint, alignment);
}

function soleHeight(clip: BvhClip, pose: BvhPose, footJoints: readonly number[], alignment: RestAlignment): number {
  let lowest = Number.POSITIVE_INFINITY;
  for (const joint of footJoints) {
    const end = endHeight(clip, pose, joint, alignment);
    lowest = Math.min(lowest, heightOf(pose, joint, alignment), end);
  }
  return lowest;
}

function footJointsOf(map: SkeletonMap): number[] {
  return (['leftFoot', 'leftToes', 'rightFoot', 'rightToes'] as const).flatMap((bone) => map.get(bone) ?? []);
}

/** Finds the floor a clip's feet stand on, and how tall its legs are. @throws BvhError where the legs have no length. */
export function measureGround(clip: BvhClip, map: SkeletonMap, alignment: RestAlignment): ClipGround {
  const feet = footJointsOf(map);
  const hips = map.get('hips')!;
  const pose = solveBvhRest(clip, createBvhPose(clip.joints.length));
  const hipsRestHeight = heightOf(pose, hips, alignment) - soleHeight(clip, pose, feet, alignment);
  if (!(hipsRestHeight > 1e-6)) {
    throw new BvhError('skeleton', clip.joints[hips]!.line, 'the feet are not below the hips in the rest pose.');
  }
  const step = Math.max(1, Math.floor(clip.frameCount / FLOOR_SAMPLES_MAX));
  const soles: number[] = [];
  for (let frame = 0; frame < clip.frameCount; frame += step) {
    soles.push(soleHeight(clip, solveBvhFrame(clip, frame, pose), feet, alignment));
  }
  soles.sort((a, b) => a - b);
  return { floorHeight: soles[Math.floor(soles.length * FLOOR_PERCENTILE)]!, hipsRestHeight };
}

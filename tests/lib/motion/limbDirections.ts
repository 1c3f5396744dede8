import type { BvhClip } from '@/lib/motion/bvhClip';
import { createBvhPose, solveBvhFrame } from '@/lib/motion/bvhPose';
import { ClipPoser, createTrackRow } from '@/lib/motion/bvhRetarget';
import { mapSkeleton, type SkeletonMap } from '@/lib/motion/bvhSkeleton';
import { alignRest } from '@/lib/motion/restAlignment';
import { BONE_INDEX, type BoneName } from '@/lib/pose/bones';
import { createBodyState, solveBody } from '@/lib/pose/forwardKinematics';
import { createPose, type Pose } from '@/lib/pose/pose';
import { conjugateQuat, rotateVector } from '@/lib/pose/quat';

/** Limbs whose direction is compared: a bone and the next one. */
export const LIMBS: ReadonlyArray<readonly [BoneName, BoneName]> = (['left', 'right'] as const).flatMap((side) => [
  [`${side}UpperArm`, `${side}LowerArm`] as const,
  [`${side}LowerArm`, `${side}Hand`] as const,
  [`${side}UpperLeg`, `${side}LowerLeg`] as const,
  [`${side}LowerLeg`, `${side}Foot`] as const,
]);

type Vector = [number, number, number];

function between(places: ArrayLike<number>, from: number, to: number): Vector {
  const v = [0, 1, 2].map((k) => places[to * 3 + k]! - places[from * 3 + k]!) as Vector;
  const length = Math.hypot(...v);
  return v.map((x) => x / length) as Vector;
}

/** `v` relative to the hips (the rotation at `at`). */
function seenFromHips(rotations: Float32Array | Float64Array, at: number, v: Vector): Vector {
  const inverse = [0, 0, 0, 1];
  conjugateQuat(rotations, at, inverse, 0);
  rotateVector(inverse, 0, v, 0, v, 0);
  return v;
}

function angleDeg(a: Vector, b: Vector): number {
  const dot = a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  return (Math.acos(Math.max(-1, Math.min(1, dot))) * 180) / Math.PI;
}

/** Poses single frames of a clip on the canonical body, and compares it with the clip's own forward kinematics. */
export class LimbJudge {
  readonly pose: Pose = createPose();
  readonly body = createBodyState();
  private readonly map: SkeletonMap;
  private readonly toRoot: Float64Array;
  private readonly poser: ClipPoser;
  private readonly row = createTrackRow();
  private readonly file;

  constructor(private readonly clip: BvhClip) {
    this.map = mapSkeleton(clip);
    this.toRoot = alignRest(clip, this.map).toRoot;
    this.poser = new ClipPoser(clip, this.map);
    this.file = createBvhPose(clip.joints.length);
  }

  /** Moves the canonical body to `frame`. */
  show(frame: number): void {
    this.poser.pose(frame, this.row);
    this.pose.values.set(this.row);
    solveBody(this.pose, this.body);
    solveBvhFrame(this.clip, frame, this.file);
  }

  /** Angle between a limb on the canonical body and in the file, both relative to the hips. */
  errorDeg([bone, next]: readonly [BoneName, BoneName]): number {
    const hips = this.map.get('hips')!;
    const ours = seenFromHips(this.body.rotations, 0, between(this.body.positions, BONE_INDEX[bone], BONE_INDEX[next]));
    const direction = between(this.file.positions, this.map.get(bone)!, this.map.get(next)!);
    const theirs = seenFromHips(this.file.rotations, hips * 4, direction);
    rotateVector(this.toRoot, 0, theirs, 0, theirs, 0);
    return angleDeg(ours, theirs);
  }

  /** Position of a bone of the canonical body, metres. */
  place(bone: BoneName): Vector {
    return Array.from(this.body.positions.subarray(BONE_INDEX[bone] * 3, BONE_INDEX[bone] * 3 + 3)) as Vector;
  }
}

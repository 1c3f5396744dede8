import { BONE_COUNT, BONE_INDEX, BONE_PARENTS } from '@/lib/pose/bones';
import { HIPS_REST_HEIGHT_M } from '@/lib/pose/canonicalBody';
import { HIPS_OFFSET, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { copyQuat, identityQuat, mulConjugateQuat, mulQuat, normalizeQuat, rotateVector } from '@/lib/pose/quat';
import type { BvhClip } from './bvhClip';
import { type BvhPose, createBvhPose, solveBvhFrame } from './bvhPose';
import type { SkeletonMap } from './bvhSkeleton';
import { type ClipGround, measureGround } from './clipGround';
import { TRACK_STRIDE } from './poseTrack';
import { alignRest, type RestAlignment } from './restAlignment';

/** Hips offsets beyond this (metres) are a broken file's; they are held at the bound. */
const HIPS_BOUND_M = 30;

/**
 * Turns single frames of a clip into track rows: hips offset in canonical metres over the floor (not yet centred), and
 * normalised local rotations. Bones that the clip does not move follow their parent.
 */
export class ClipPoser {
  private readonly alignment: RestAlignment;
  private readonly ground: ClipGround;
  private readonly joints: BvhPose;
  private readonly global = new Float64Array(BONE_COUNT * 4);
  private readonly isMoved = new Uint8Array(BONE_COUNT);
  private readonly hipsPlace = new Float64Array(3);

  /** @throws BvhError (`skeleton`) where the rest pose can't be aligned. */
  constructor(
    private readonly clip: BvhClip,
    private readonly map: SkeletonMap,
  ) {
    this.alignment = alignRest(clip, map);
    this.ground = measureGround(clip, map, this.alignment);
    this.joints = createBvhPose(clip.joints.length);
    for (const { bone } of this.alignment.bones) this.isMoved[bone] = 1;
  }

  /** Writes frame `frame` into `out`, {@link TRACK_STRIDE} numbers. */
  pose(frame: number, out: Float32Array): void {
    solveBvhFrame(this.clip, frame, this.joints);
    this.poseHips(out);
    this.solveGlobals();
    for (let bone = 0; bone < BONE_COUNT; bone += 1) this.poseBone(bone, out);
  }

  private poseHips(out: Float32Array): void {
    const { hipsPlace, ground } = this;
    rotateVector(this.alignment.toRoot, 0, this.joints.positions, this.map.get('hips')! * 3, hipsPlace, 0);
    hipsPlace[1] = hipsPlace[1]! - ground.floorHeight - ground.hipsRestHeight;
    const scale = HIPS_REST_HEIGHT_M / ground.hipsRestHeight;
    for (let k = 0; k < 3; k += 1) {
      out[HIPS_OFFSET + k] = Math.max(-HIPS_BOUND_M, Math.min(HIPS_BOUND_M, hipsPlace[k]! * scale)) || 0;
    }
  }

  private solveGlobals(): void {
    for (const { bone, joint, align } of this.alignment.bones) {
      mulQuat(this.alignment.toRoot, 0, this.joints.rotations, joint * 4, this.global, bone * 4);
      mulQuat(this.global, bone * 4, align, 0, this.global, bone * 4);
    }
  }

  private poseBone(bone: number, out: Float32Array): void {
    const at = ROTATIONS_OFFSET + bone * 4;
    const parent = BONE_PARENTS[bone]!;
    if (this.isMoved[bone] === 0) {
      identityQuat(out, at);
      if (parent >= 0) copyQuat(this.global, parent * 4, this.global, bone * 4);
    } else if (parent < 0) copyQuat(this.global, bone * 4, out, at);
    else mulConjugateQuat(this.global, parent * 4, this.global, bone * 4, out, at);
    normalizeQuat(out, at);
  }
}

/** Place of the hips' rotation in a track row. */
export const HIPS_ROTATION_AT = ROTATIONS_OFFSET + BONE_INDEX.hips * 4;

/** A buffer for one row. */
export function createTrackRow(): Float32Array {
  return new Float32Array(TRACK_STRIDE);
}

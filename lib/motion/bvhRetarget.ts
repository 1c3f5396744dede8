import { BODY_BONE_COUNT, BONE_COUNT, BONE_INDEX, BONE_PARENTS, type BoneName } from '@/lib/pose/bones';
import { HIPS_REST_HEIGHT_M } from '@/lib/pose/canonicalBody';
import { HIPS_OFFSET, PosePart, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import {
  angleBetweenQuats,
  copyQuat,
  dotQuat,
  identityQuat,
  mulConjugateQuat,
  mulQuat,
  normalizeQuat,
  quatFromAxisAngle,
  rotateVector,
  setQuat,
  slerpQuat,
} from '@/lib/pose/quat';
import type { BvhClip } from './bvhClip';
import { type BvhPose, createBvhPose, solveBvhFrame } from './bvhPose';
import { mapSkeleton, type SkeletonMap } from './bvhSkeleton';
import { alignRest, type ClipGround, measureGround, type RestAlignment } from './restAlignment';

/** Numbers in one frame of a track: the hips' offset and all rotations, as at the start of a pose. */
export const TRACK_STRIDE = ROTATIONS_OFFSET + BONE_COUNT * 4;

/** Recorded motion of a body at a steady rate. */
export interface PoseTrack {
  /** Frames in a second. */
  readonly fps: number;
  readonly frameCount: number;
  /** Which parts the track moves: a sum of `PosePart` bits. */
  readonly parts: number;
  /** `frameCount` rows of {@link TRACK_STRIDE}: hips x y z, then x y z w for each bone. */
  readonly frames: Float32Array;
}

/** Hips offsets beyond this come from broken files; they are clamped, metres. */
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

  /** @throws BvhError (`skeleton`) if the rest pose cannot be aligned. */
  constructor(
    private readonly clip: BvhClip,
    private readonly map: SkeletonMap,
  ) {
    this.alignment = alignRest(clip, map);
    this.ground = measureGround(clip, map, this.alignment);
    this.joints = createBvhPose(clip.joints.length);
    for (const { bone } of this.alignment.bones) this.isMoved[bone] = 1;
  }

  /** Writes frame `frame` to `out`, {@link TRACK_STRIDE} numbers. */
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

/** Index of the hips' rotation in a track row. */
const HIPS_ROTATION_AT = ROTATIONS_OFFSET + BONE_INDEX.hips * 4;

/** A buffer for one row. */
export function createTrackRow(): Float32Array {
  return new Float32Array(TRACK_STRIDE);
}

/** Highest rate at which clips are kept; more would not be seen. */
const TRACK_FPS_MAX = 60;
/** Memory for one clip: 21 minutes at 60 fps. Longer ones are kept at a lower rate. */
const TRACK_MAX_BYTES = 64 * 1024 * 1024;

/** Mean joint speed of a body, local, that no person reaches: anything faster is a cut, not motion. */
const CUT_SPEED_RAD_PER_S = 2.5;
/** A calibration pose ends within this time, even if smoothing has smeared the cut. */
const CALIBRATION_MAX_SECONDS = 0.2;

function meanStep(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let bone = 0; bone < BODY_BONE_COUNT; bone += 1) {
    const at = ROTATIONS_OFFSET + bone * 4;
    sum += angleBetweenQuats(a, at, b, at);
  }
  return sum / BODY_BONE_COUNT;
}

/**
 * CMU conversions start with a T-pose and cut to the motion; in a loop the T-pose would flash. Returns the first frame after
 * such a cut, 0 if the clip starts with motion.
 */
function firstMovingFrame(poser: ClipPoser, clip: BvhClip): number {
  const last = Math.min(clip.frameCount - 2, Math.ceil(CALIBRATION_MAX_SECONDS / clip.frameTimeSeconds));
  let previous = createTrackRow();
  let next = createTrackRow();
  poser.pose(0, previous);
  for (let frame = 1; frame <= last; frame += 1) {
    poser.pose(frame, next);
    if (meanStep(previous, next) < CUT_SPEED_RAD_PER_S * clip.frameTimeSeconds) return frame - 1;
    [previous, next] = [next, previous];
  }
  return 0;
}

function partsOf(map: SkeletonMap): number {
  const has = (bones: RegExp) => [...map.keys()].some((bone: BoneName) => bones.test(bone));
  const left = has(/^leftIndex|^leftMiddle/) ? PosePart.leftFingers : 0;
  const right = has(/^rightIndex|^rightMiddle/) ? PosePart.rightFingers : 0;
  return PosePart.hips | PosePart.upperBody | PosePart.legs | left | right;
}

function lerpRows(a: Float32Array, b: Float32Array, amount: number, out: Float32Array, start: number): void {
  for (let k = 0; k < ROTATIONS_OFFSET; k += 1) out[start + k] = a[k]! * (1 - amount) + b[k]! * amount;
  for (let at = ROTATIONS_OFFSET; at < TRACK_STRIDE; at += 4) slerpQuat(a, at, b, at, amount, out, start + at);
}

/** Poses source frames in ascending order and keeps the two that are needed at a time. */
class FramePair {
  private rows: [Float32Array, Float32Array] = [createTrackRow(), createTrackRow()];
  private first = -1;

  constructor(
    private readonly poser: ClipPoser,
    private readonly lastFrame: number,
  ) {}

  /** The rows of `frame` and of the one after it (or of the last frame twice). */
  at(frame: number): [Float32Array, Float32Array] {
    if (frame === this.first) return this.rows;
    if (frame === this.first + 1 && this.first >= 0) this.rows = [this.rows[1], this.rows[0]];
    else this.poser.pose(frame, this.rows[0]);
    this.poser.pose(Math.min(frame + 1, this.lastFrame), this.rows[1]);
    this.first = frame;
    return this.rows;
  }
}

function resample(poser: ClipPoser, clip: BvhClip, first: number, fps: number): Float32Array {
  const last = clip.frameCount - 1;
  const step = 1 / (fps * clip.frameTimeSeconds);
  // The epsilon keeps the last frame if a frame time such as 0.0333333 puts it just past a whole step.
  const frameCount = Math.floor((last - first) / step + 1e-3) + 1;
  const frames = new Float32Array(frameCount * TRACK_STRIDE);
  const pair = new FramePair(poser, last);
  for (let k = 0; k < frameCount; k += 1) {
    const place = Math.min(first + k * step, last);
    const frame = Math.floor(place);
    const [a, b] = pair.at(frame);
    lerpRows(a, b, place - frame, frames, k * TRACK_STRIDE);
  }
  return frames;
}

/** Turns every frame about the vertical so that the mean heading is +Z, and moves the start over the origin. */
function centre(frames: Float32Array): void {
  const forward = [0, 0, 1];
  const heading = [0, 0, 0];
  let x = 0;
  let z = 0;
  for (let row = 0; row < frames.length; row += TRACK_STRIDE) {
    rotateVector(frames, row + HIPS_ROTATION_AT, forward, 0, heading, 0);
    x += heading[0]!;
    z += heading[2]!;
  }
  const turn = new Float64Array(4);
  quatFromAxisAngle(0, 1, 0, -Math.atan2(x, z), turn, 0);
  const startX = frames[HIPS_OFFSET]!;
  const startZ = frames[HIPS_OFFSET + 2]!;
  for (let row = 0; row < frames.length; row += TRACK_STRIDE) {
    frames[row + HIPS_OFFSET] = frames[row + HIPS_OFFSET]! - startX;
    frames[row + HIPS_OFFSET + 2] = frames[row + HIPS_OFFSET + 2]! - startZ;
    rotateVector(turn, 0, frames, row + HIPS_OFFSET, frames, row + HIPS_OFFSET);
    mulQuat(turn, 0, frames, row + HIPS_ROTATION_AT, frames, row + HIPS_ROTATION_AT);
  }
}

/** Gives neighbouring frames the same sign, so that differences between them are small numbers. */
function alignSigns(frames: Float32Array): void {
  for (let row = TRACK_STRIDE; row < frames.length; row += TRACK_STRIDE) {
    for (let at = row + ROTATIONS_OFFSET; at < row + TRACK_STRIDE; at += 4) {
      if (dotQuat(frames, at - TRACK_STRIDE, frames, at) >= 0) continue;
      setQuat(-frames[at]!, -frames[at + 1]!, -frames[at + 2]!, -frames[at + 3]!, frames, at);
    }
  }
}

function trackFps(clip: BvhClip): number {
  const rowsMax = TRACK_MAX_BYTES / (TRACK_STRIDE * Float32Array.BYTES_PER_ELEMENT);
  const durationSeconds = clip.frameCount * clip.frameTimeSeconds;
  return Math.min(TRACK_FPS_MAX, 1 / clip.frameTimeSeconds, rowsMax / durationSeconds);
}

/**
 * Maps a clip onto the VRM humanoid: normalised local rotations (rule P-2) by aligning its rest pose with the T-pose,
 * hips offset in canonical metres (rule P-3) from where the clip starts, mean heading +Z, resampled to at most 60 fps.
 * Limb directions of the clip are kept; hips, head, hands and feet keep their orientation against the rest pose.
 * @throws BvhError (`skeleton`) naming the joint that is missing.
 */
export function retargetBvh(clip: BvhClip): PoseTrack {
  const map = mapSkeleton(clip);
  const poser = new ClipPoser(clip, map);
  const fps = trackFps(clip);
  const frames = resample(poser, clip, firstMovingFrame(poser, clip), fps);
  centre(frames);
  alignSigns(frames);
  return { fps, frameCount: frames.length / TRACK_STRIDE, parts: partsOf(map), frames };
}

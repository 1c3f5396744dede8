import { ReasonedError } from '@/lib/core/reasonedError';

/** `syntax`: not BVH; `tooLarge`: beyond a limit; `frames`: a broken motion table; `skeleton`: joints that cannot be mapped. */
export type BvhErrorReason = 'syntax' | 'tooLarge' | 'frames' | 'skeleton';

/** A BVH file that cannot be used. The message names the line and what was expected there. */
export class BvhError extends ReasonedError<BvhErrorReason> {
  constructor(
    reason: BvhErrorReason,
    /** 1-based line of the file. */
    readonly line: number,
    /** What is wrong there, without the line. */
    readonly detail: string,
  ) {
    super(reason, `Line ${line}: ${detail}`);
  }
}

/** A channel of a BVH joint: a translation in the file's unit, or a rotation in degrees about an axis. */
export type BvhChannel = 'Xposition' | 'Yposition' | 'Zposition' | 'Xrotation' | 'Yrotation' | 'Zrotation';

/** All channels by lower-case name. */
export const BVH_CHANNELS: ReadonlyMap<string, BvhChannel> = new Map(
  (['Xposition', 'Yposition', 'Zposition', 'Xrotation', 'Yrotation', 'Zrotation'] as const).map((channel) => [
    channel.toLowerCase(),
    channel,
  ]),
);

/** x y z in the file's unit. */
export type BvhOffset = readonly [x: number, y: number, z: number];

/** One joint of a BVH hierarchy. */
export interface BvhJoint {
  readonly name: string;
  /** Index of the parent in `BvhClip.joints`, -1 for the root. A parent comes before its children. */
  readonly parent: number;
  /** Position relative to the parent at rest. */
  offset: BvhOffset;
  channels: readonly BvhChannel[];
  /** Column of the first channel in a frame. */
  firstChannel: number;
  /** Position of the end site relative to this joint, if it has one. */
  end: BvhOffset | null;
  /** 1-based line of the file on which the joint starts. */
  readonly line: number;
}

/** A BVH file as written, before any mapping. */
export interface BvhClip {
  readonly joints: readonly BvhJoint[];
  /** Numbers in a frame. */
  readonly channelCount: number;
  readonly frameCount: number;
  readonly frameTimeSeconds: number;
  /** `frameCount` rows of `channelCount` numbers. */
  readonly values: Float32Array;
}

/** Largest file read, in UTF-16 units of its text. */
export const BVH_MAX_TEXT_LENGTH = 20 * 1024 * 1024;
export const BVH_MAX_JOINTS = 512;
export const BVH_MAX_FRAMES = 200_000;

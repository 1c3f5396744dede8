import type { Pose } from '@/lib/pose/pose';

/** The largest packet that a receiver accepts (rule C-2). */
export const PACKET_MAX_BYTES = 1024;

/** Turns poses into packets. Stateful: a frame may be skipped before `encode`, but no packet after it. */
export interface PoseEncoder {
  /** 0 (finest) to 9 (coarsest); takes effect with the next packet. */
  compression: number;
  /** Frames in a packet, 1 to 3; takes effect with the next packet. */
  framesPerPacket: number;
  /**
   * Adds a frame. `timeMs` is the sender's monotonic time of capture. Returns the length of the finished packet in
   * `packet`, or 0 while the codec waits for more frames to fill one.
   */
  encode(pose: Pose, timeMs: number): number;
  /** The encoder's own buffer, valid until the next call of `encode`. */
  readonly packet: Uint8Array;
  /**
   * Makes the next frame a keyframe: it leaves at once in a packet of its own. Frames that still wait to fill a packet
   * are dropped.
   */
  requestKeyframe(): void;
}

/** Why a packet was dropped. */
export type DecodeFailure = 'tooLarge' | 'truncated' | 'unknownVersion' | 'stale' | 'malformed' | 'awaitingKeyframe';

/** Receives decoded frames; `pose` belongs to the decoder and is valid only during the call. */
export type FrameSink = (pose: Pose, timeMs: number) => void;

/** Turns one sender's packets into poses. */
export interface PoseDecoder {
  /**
   * Decodes a packet and calls `sink` for every frame in it, oldest first. Returns null, or why the packet was dropped.
   * Never throws, never reads outside `packet`, never yields NaN.
   */
  decode(packet: Uint8Array, sink: FrameSink): DecodeFailure | null;
  /** Packets known to be missing so far, by gaps in the sequence. */
  readonly lost: number;
  /** Whether nothing can be decoded before the next keyframe, so that the sender should be asked for one. */
  readonly awaitsKeyframe: boolean;
}

import type { FrameSink } from '@/lib/codec/codec';
import { copyPose, createPose, type Pose } from '@/lib/pose/pose';

/** What a codec hands to the transport: bytes, which travel as base64, or JSON, which travels as it is. */
export type Packet = Uint8Array | string;

/** A sender and a receiver of one codec. */
export interface CodecSession {
  /** Adds a frame; true if that finishes a packet. `timeMs` is the time of capture. */
  encode(pose: Pose, timeMs: number): boolean;
  /** The last finished packet, valid until the next call of `encode`. */
  packet(): Packet;
  /** Calls `sink` for every frame of a packet, oldest first. */
  decode(packet: Packet, sink: FrameSink): void;
}

/** A codec with the settings it is measured at. */
export interface CodecUnderTest {
  readonly name: string;
  /** Finest first; a single number if there is nothing to set. */
  readonly levels: readonly number[];
  /** Whether `decode` returns poses. Landmarks are solved into poses by their receiver, and solving is not decoding. */
  readonly isReadable: boolean;
  /** A new sender and receiver. */
  open(level: number, framesPerPacket: number): CodecSession;
}

/** A frame that waits for its packet. */
export interface WaitingFrame {
  readonly pose: Pose;
  timeMs: number;
}

/** Collects the frames of one packet for peers that have no batching of their own. */
export class PacketBatch {
  readonly frames: readonly WaitingFrame[];
  private count = 0;

  constructor(private readonly size: number) {
    this.frames = Array.from({ length: size }, () => ({ pose: createPose(), timeMs: 0 }));
  }

  /** Adds a frame; true if the batch is full. The next frame starts a new batch. */
  add(pose: Pose, timeMs: number): boolean {
    if (this.count === this.size) this.count = 0;
    const frame = this.frames[this.count]!;
    copyPose(pose, frame.pose);
    frame.timeMs = timeMs;
    this.count += 1;
    return this.count === this.size;
  }
}

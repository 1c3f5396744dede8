import type { DecodeFailure } from '@/lib/codec/codec';
import type { Lattice } from '@/lib/codec/lattice';
import { RangePoseDecoder } from '@/lib/codec/rangePoseDecoder';
import { RangePoseEncoder } from '@/lib/codec/rangePoseEncoder';
import { createIdleSource } from '@/lib/motion/idleSource';
import { ALL_PARTS, copyPose, createPose, type Pose } from '@/lib/pose/pose';

/** A copy of a decoded frame. */
export interface Frame {
  readonly pose: Pose;
  readonly timeMs: number;
}

/** An encoder and a decoder that share nothing but packets. */
export class CodecSession {
  readonly encoder = new RangePoseEncoder();
  readonly decoder = new RangePoseDecoder();
  readonly frames: Frame[] = [];

  /** Encodes a frame; returns the packet that it finished, or null. */
  encode(pose: Pose, timeMs: number): Uint8Array | null {
    const size = this.encoder.encode(pose, timeMs);
    return size > 0 ? this.encoder.packet.slice(0, size) : null;
  }

  decode(packet: Uint8Array): DecodeFailure | null {
    return this.decoder.decode(packet, (pose, timeMs) =>
      this.frames.push({ pose: copyPose(pose, createPose()), timeMs }),
    );
  }

  /** Encodes a frame and decodes the packet; returns null also where the frame waits. */
  pass(pose: Pose, timeMs: number): DecodeFailure | null {
    const packet = this.encode(pose, timeMs);
    return packet === null ? null : this.decode(packet);
  }
}

/** `count` frames of a person who sits and moves a little, 33 ms apart, with all parts. */
export function calmPoses(count: number, seed = 7): Pose[] {
  const source = createIdleSource(seed);
  return Array.from({ length: count }, (_, frame) => {
    const pose = source.sample(frame * 33, createPose());
    pose.parts = ALL_PARTS;
    return pose;
  });
}

/** The packets of `poses`, 33 ms apart. */
export function packetsOf(encoder: RangePoseEncoder, poses: readonly Pose[]): Uint8Array[] {
  const packets: Uint8Array[] = [];
  poses.forEach((pose, frame) => {
    const size = encoder.encode(pose, frame * 33);
    if (size > 0) packets.push(encoder.packet.slice(0, size));
  });
  return packets;
}

/** A lattice's places and velocities of the newest anchor, for comparison. */
export function placesOf({ anchor, velocity }: Lattice): { anchor: number[]; velocity: number[] } {
  return { anchor: Array.from(anchor), velocity: Array.from(velocity) };
}

import type { DecodeFailure, FrameSink, PoseDecoder, PoseEncoder } from '@/lib/codec/codec';
import type { PoseCodec } from '@/lib/meeting/poseExchange';
import { createPose, HIPS_OFFSET, type Pose, PosePart } from '@/lib/pose/pose';

/** First bytes of its packets, in the range of the real codec's (0x40 to 0x5f). */
const KEYFRAME = 0x41;
const DELTAS = 0x42;
const STEPS_PER_M = 1000;
const HEIGHT_AT = HIPS_OFFSET + 1;

/** Whether a packet of this codec is a keyframe. */
export function isKeyframe(packet: Uint8Array): boolean {
  return packet[0] === KEYFRAME;
}

/**
 * The smallest stateful codec there is: the height of the hips as 32 bits in keyframes, else as the difference to the frame
 * before, several frames a packet. So that a test can see every keyframe, and what is lost without one.
 */
class DeltaEncoder implements PoseEncoder {
  compression = 0;
  framesPerPacket = 1;
  readonly packet = new Uint8Array(64);
  private readonly view = new DataView(this.packet.buffer);
  private sequence = 0;
  private isKeyframeDue = true;
  private last = 0;
  private frames = 0;

  encode(pose: Pose, timeMs: number): number {
    const height = Math.round(pose.values[HEIGHT_AT]! * STEPS_PER_M);
    if (this.isKeyframeDue) this.frames = 0;
    this.view.setUint32(3 + this.frames * 8, timeMs);
    this.view.setInt32(7 + this.frames * 8, this.isKeyframeDue ? height : height - this.last);
    this.last = height;
    this.frames += 1;
    if (!this.isKeyframeDue && this.frames < this.framesPerPacket) return 0;
    return this.finish();
  }

  requestKeyframe(): void {
    this.isKeyframeDue = true;
  }

  private finish(): number {
    const sizeBytes = 3 + this.frames * 8;
    this.packet[0] = this.isKeyframeDue ? KEYFRAME : DELTAS;
    this.view.setUint16(1, this.sequence);
    this.sequence += 1;
    this.frames = 0;
    this.isKeyframeDue = false;
    return sizeBytes;
  }
}

class DeltaDecoder implements PoseDecoder {
  lost = 0;
  awaitsKeyframe = true;
  private readonly pose = createPose();
  private sequence = -1;
  private last = 0;

  constructor() {
    this.pose.parts = PosePart.hips;
  }

  decode(packet: Uint8Array, sink: FrameSink): DecodeFailure | null {
    const view = new DataView(packet.buffer, packet.byteOffset, packet.length);
    const sequence = view.getUint16(1);
    if (this.sequence >= 0 && sequence !== this.sequence + 1) {
      this.lost += sequence - this.sequence - 1;
      this.awaitsKeyframe = true;
    }
    this.sequence = sequence;
    if (isKeyframe(packet)) {
      this.awaitsKeyframe = false;
      this.last = 0;
    }
    if (this.awaitsKeyframe) return 'awaitingKeyframe';
    for (let at = 3; at < packet.length; at += 8) {
      this.last += view.getInt32(at + 4);
      this.pose.values[HEIGHT_AT] = this.last / STEPS_PER_M;
      sink(this.pose, view.getUint32(at));
    }
    return null;
  }
}

export const DELTA_CODEC: PoseCodec = {
  createEncoder: () => new DeltaEncoder(),
  createDecoder: () => new DeltaDecoder(),
};

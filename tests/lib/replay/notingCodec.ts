import type { FrameSink, PoseDecoder } from '@/lib/codec/codec';
import { RangePoseDecoder } from '@/lib/codec/rangePoseDecoder';

/** Runs both in Node and in a page: nothing here may depend on the platform. */

/** A pose that a receiver decoded, as bits. */
export interface DecodedFrame {
  readonly timeMs: number;
  readonly parts: number;
  readonly bits: string;
}

/** The bits of numbers, as text. */
export function bitsOf(values: Float32Array): string {
  return Array.from(new Uint32Array(values.buffer, values.byteOffset, values.length), (bits) =>
    bits.toString(36),
  ).join();
}

/** Decoders that note what they decode, one list for each in the order in which they were made. */
export class NotingCodec {
  readonly decoded: DecodedFrame[][] = [];

  readonly createDecoder = (): PoseDecoder => {
    const decoder = new RangePoseDecoder();
    const frames: DecodedFrame[] = [];
    this.decoded.push(frames);
    return {
      decode: (packet: Uint8Array, sink: FrameSink) =>
        decoder.decode(packet, (pose, timeMs) => {
          frames.push({ timeMs, parts: pose.parts, bits: bitsOf(pose.values) });
          sink(pose, timeMs);
        }),
      get lost() {
        return decoder.lost;
      },
      get awaitsKeyframe() {
        return decoder.awaitsKeyframe;
      },
    };
  };

  /** The lists that are not empty, in an order that does not depend on that of their makers. */
  get streams(): DecodedFrame[][] {
    return this.decoded.filter(({ length }) => length > 0).sort((a, b) => (a[0]!.bits < b[0]!.bits ? -1 : 1));
  }
}

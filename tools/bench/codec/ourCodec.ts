import type { PoseDecoder, PoseEncoder } from '@/lib/codec/codec';
import { RangePoseDecoder } from '@/lib/codec/rangePoseDecoder';
import { RangePoseEncoder } from '@/lib/codec/rangePoseEncoder';
import type { CodecSession, CodecUnderTest } from './codecUnderTest';

/** The codec that Parley sends with. */
export const createOurEncoder = (): PoseEncoder => new RangePoseEncoder();
export const createOurDecoder = (): PoseDecoder => new RangePoseDecoder();

function open(level: number, framesPerPacket: number): CodecSession {
  const encoder = createOurEncoder();
  const decoder = createOurDecoder();
  encoder.compression = level;
  encoder.framesPerPacket = framesPerPacket;
  let sizeBytes = 0;
  return {
    encode(pose, timeMs) {
      sizeBytes = encoder.encode(pose, timeMs);
      return sizeBytes > 0;
    },
    packet: () => encoder.packet.subarray(0, sizeBytes),
    decode(packet, sink) {
      const failure = decoder.decode(packet as Uint8Array, sink);
      if (failure !== null) throw new Error(`a valid packet was dropped: ${failure}`);
    },
  };
}

/** Our codec at every level of compression. */
export const OUR_CODEC: CodecUnderTest = {
  name: 'parley',
  levels: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  isReadable: true,
  open,
};

import type { PoseDecoder, PoseEncoder } from '@/lib/codec/codec';
import { RangePoseDecoder } from '@/lib/codec/rangePoseDecoder';
import { RangePoseEncoder } from '@/lib/codec/rangePoseEncoder';

/** Makes what turns poses into packets and back. */
export interface PoseCodec {
  createEncoder(): PoseEncoder;
  createDecoder(): PoseDecoder;
}

/** The codec that everybody in a meeting speaks. */
export const POSE_CODEC: PoseCodec = {
  createEncoder: () => new RangePoseEncoder(),
  createDecoder: () => new RangePoseDecoder(),
};

import type { PoseDecoder, PoseEncoder } from '@/lib/codec/codec';
import { RangePoseDecoder } from '@/lib/codec/rangePoseDecoder';
import { RangePoseEncoder } from '@/lib/codec/rangePoseEncoder';

/** Makes encoders and decoders of poses. */
export interface PoseCodec {
  createEncoder(): PoseEncoder;
  createDecoder(): PoseDecoder;
}

/** The codec of all meetings. */
export const POSE_CODEC: PoseCodec = {
  createEncoder: () => new RangePoseEncoder(),
  createDecoder: () => new RangePoseDecoder(),
};

import { rtpSequence, rtpTimestamp } from '@/server/hub/media/rtp/rtpHeader';

/** Payload types in every offer of the hub. */
const PAYLOAD = { opus: 111, redundantAudio: 112, vp8: 100, retransmission: 96 } as const;

const MARKER_BIT = 0x80;
const PADDING_BIT = 0x20;
/** Redundant audio (RFC 2198): a block that is followed by another one. */
const FOLLOWED_BIT = 0x80;
const FOLLOWED_HEAD_BYTES = 4;

/** An Opus packet as RTP carried it. */
export interface VoicePacket {
  readonly sequence: number;
  /** 48 kHz. */
  readonly timestamp: number;
  readonly hasMarker: boolean;
  readonly opus: Uint8Array;
}

/** A part of a VP8 frame without its descriptor. */
export interface ScreenFragment {
  readonly sequence: number;
  /** 90 kHz. */
  readonly timestamp: number;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** Whether its frame is a keyframe, as the first fragment tells; false for the others. */
  readonly startsKeyframe: boolean;
  /** Whether it was sent again, in a stream of its own (RFC 4588), whose timestamp is that of the first time. */
  readonly isAgain: boolean;
  readonly vp8: Uint8Array;
}

const payloadTypeOf = (header: Buffer) => header[1]! & 0x7f;
const hasMarker = (header: Buffer) => (header[1]! & MARKER_BIT) !== 0;

/** The payload without padding (RFC 3550, 5.1); null if there is nothing, or more padding than payload. */
function unpadded(header: Buffer, payload: Buffer): Buffer | null {
  const padding = header[0]! & PADDING_BIT ? (payload.at(-1) ?? 0) : 0;
  return padding < payload.length ? payload.subarray(0, payload.length - padding) : null;
}

/** The newest block of redundant audio (RFC 2198), if it is Opus. */
function newestBlock(payload: Buffer): Buffer | null {
  let headAt = 0;
  let olderBytes = 0;
  while (headAt < payload.length && payload[headAt]! & FOLLOWED_BIT) {
    if (headAt + FOLLOWED_HEAD_BYTES > payload.length) return null;
    olderBytes += payload.readUInt16BE(headAt + 2) & 0x3ff;
    headAt += FOLLOWED_HEAD_BYTES;
  }
  const isOpus = headAt < payload.length && (payload[headAt]! & 0x7f) === PAYLOAD.opus;
  const from = headAt + 1 + olderBytes;
  return isOpus && from < payload.length ? payload.subarray(from) : null;
}

/** The Opus packet in an RTP packet; null if there is none. Never throws. */
export function readVoice(header: Buffer, payload: Buffer): VoicePacket | null {
  const bytes = unpadded(header, payload);
  const type = payloadTypeOf(header);
  if (!bytes || (type !== PAYLOAD.opus && type !== PAYLOAD.redundantAudio)) return null;
  const opus = type === PAYLOAD.opus ? bytes : newestBlock(bytes);
  if (!opus) return null;
  return { sequence: rtpSequence(header), timestamp: rtpTimestamp(header), hasMarker: hasMarker(header), opus };
}

/** Size of the VP8 payload descriptor (RFC 7741, 4.2); -1 if it is torn. */
function descriptorBytes(payload: Buffer): number {
  const first = payload[0];
  if (first === undefined) return -1;
  if (!(first & 0x80)) return 1;
  const extension = payload[1];
  if (extension === undefined) return -1;
  let size = 2;
  if (extension & 0x80) {
    const picture = payload[size];
    if (picture === undefined) return -1;
    size += picture & 0x80 ? 2 : 1;
  }
  if (extension & 0x40) size += 1;
  if (extension & 0x30) size += 1;
  return size;
}

/** The part of a VP8 frame in an RTP packet, or in one that was sent again (RFC 4588); null if there is none. Never throws. */
export function readScreen(header: Buffer, payload: Buffer): ScreenFragment | null {
  const type = payloadTypeOf(header);
  const bytes = unpadded(header, payload);
  if (!bytes || (type !== PAYLOAD.vp8 && type !== PAYLOAD.retransmission)) return null;
  const isAgain = type === PAYLOAD.retransmission;
  if (isAgain && bytes.length < 3) return null;
  const sequence = isAgain ? bytes.readUInt16BE(0) : rtpSequence(header);
  const packet = isAgain ? bytes.subarray(2) : bytes;
  const descriptor = descriptorBytes(packet);
  if (descriptor < 0 || descriptor >= packet.length) return null;
  const vp8 = packet.subarray(descriptor);
  // Start of the first partition.
  const isFirst = (packet[0]! & 0x17) === 0x10;
  const startsKeyframe = isFirst && (vp8[0]! & 1) === 0;
  const place = { sequence, timestamp: rtpTimestamp(header), isFirst, isLast: hasMarker(header) };
  return { ...place, startsKeyframe, isAgain, vp8 };
}

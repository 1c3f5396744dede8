/**
 * First byte: version 010 in the top three bits, a keyframe bit, two bits of the frames less one, two of the sequence.
 */
const VERSION_BITS = 0x40;
const VERSION_MASK = 0xe0;
const KEYFRAME_BIT = 0x10;
const FRAMES_SHIFT = 2;
const FRAMES_MASK = 3;
const SEQUENCE_HIGH_MASK = 3;

export const FRAMES_MAX = 3;

/** Sequence numbers count modulo this. */
export const SEQUENCES = 1024;
/** A packet that is at most this many behind the last one is old; one that seems further behind is ahead. */
const STALE_MAX = 64;

/** Bytes of the header, before the range-coded part. */
export const HEADER_BYTES = 2;
export const KEYFRAME_HEADER_BYTES = 8;

const TIME_AT = 2;
const PARTS_AT = 6;
const COMPRESSION_AT = 7;

/** Writes the header of a packet that depends on those before it. */
export function writeHeader(packet: Uint8Array, sequence: number, frames: number): void {
  packet[0] = VERSION_BITS | ((frames - 1) << FRAMES_SHIFT) | (sequence >> 8);
  packet[1] = sequence & 0xff;
}

/** Writes the header of a keyframe; `timeMs` is a whole number of 0 .. 2^32 - 1. */
export function writeKeyframeHeader(
  packet: Uint8Array,
  sequence: number,
  timeMs: number,
  parts: number,
  compression: number,
): void {
  writeHeader(packet, sequence, 1);
  packet[0] = packet[0]! | KEYFRAME_BIT;
  for (let k = 0; k < 4; k += 1) packet[TIME_AT + k] = (timeMs >>> (8 * k)) & 0xff;
  packet[PARTS_AT] = parts;
  packet[COMPRESSION_AT] = compression;
}

export function hasVersion(packet: Uint8Array): boolean {
  return (packet[0]! & VERSION_MASK) === VERSION_BITS;
}

export function isKeyframe(packet: Uint8Array): boolean {
  return (packet[0]! & KEYFRAME_BIT) !== 0;
}

/** Frames in the packet, 1 to 4; 4 is invalid. */
export function framesOf(packet: Uint8Array): number {
  return ((packet[0]! >> FRAMES_SHIFT) & FRAMES_MASK) + 1;
}

export function sequenceOf(packet: Uint8Array): number {
  return ((packet[0]! & SEQUENCE_HIGH_MASK) << 8) | packet[1]!;
}

/** The time in a keyframe, ms, 0 .. 2^32 - 1. */
export function timeOf(packet: Uint8Array): number {
  let time = 0;
  for (let k = 3; k >= 0; k -= 1) time = time * 0x100 + packet[TIME_AT + k]!;
  return time;
}

export function partsOf(packet: Uint8Array): number {
  return packet[PARTS_AT]!;
}

export function compressionOf(packet: Uint8Array): number {
  return packet[COMPRESSION_AT]!;
}

/** How many packets after `last` packet `sequence` comes: 1 for the next, 0 or less for an old one. */
export function aheadOf(last: number, sequence: number): number {
  const ahead = (sequence - last + SEQUENCES) % SEQUENCES;
  return ahead >= SEQUENCES - STALE_MAX ? ahead - SEQUENCES : ahead;
}

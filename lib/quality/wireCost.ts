import type { Tier } from '@/lib/core/meeting';
import { framesPerPacket } from './framesPerPacket';

/** What carries a packet besides itself: the bridge's JSON (82), WebSocket (2), TLS (22), TCP and IP (52), bytes. */
export const ENVELOPE_BYTES = 158;

/** The packet's own head: version, epoch, sequence, times. */
const PACKET_HEAD_BYTES = 6;

/** A whole pose at 30 fps and compression 0, bytes, and what each level of compression leaves of it: fitted to recorded talkers. */
const FRAME_BYTES_FINEST = 48;
const LEFT_BY_A_LEVEL = 0.91;
const FRAME_BYTES_AT_FPS = 30;

/** How much bigger frames are in somebody's liveliest seconds than in the mean. */
export const LIVELY_FACTOR = 2;

/** Bytes of one whole pose. The rarer the frames, the more has moved between two of them: as the root of the interval. */
function frameBytes({ fps, compression }: Tier): number {
  return FRAME_BYTES_FINEST * LEFT_BY_A_LEVEL ** compression * Math.sqrt(FRAME_BYTES_AT_FPS / fps);
}

/** One message at `tier` on the wire, envelope and base64 included, bytes. */
export function messageBytesOf(tier: Tier, liveliness = 1): number {
  const packetBytes = PACKET_HEAD_BYTES + framesPerPacket(tier) * frameBytes(tier) * liveliness;
  return ENVELOPE_BYTES + 4 * Math.ceil(packetBytes / 3);
}

/** Messages a second of one sender at `tier`. */
export function messagesPerSecond(tier: Tier): number {
  return tier.fps / framesPerPacket(tier);
}

/** What one sender at `tier` takes on the wire at one receiver, bits a second; `liveliness` 1 for somebody who talks calmly. */
export function wireBpsOf(tier: Tier, liveliness = 1): number {
  return messagesPerSecond(tier) * messageBytesOf(tier, liveliness) * 8;
}

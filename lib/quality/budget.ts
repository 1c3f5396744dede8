import type { Tier } from '@/lib/core/meeting';
import type { QualitySignals } from './quality';
import { framesPerPacket, HIGHEST_RUNG, LADDER, LOWEST_RUNG } from './tiers';

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
function messagesPerSecond(tier: Tier): number {
  return tier.fps / framesPerPacket(tier);
}

/** What one sender at `tier` takes on the wire at one receiver, bits a second; `liveliness` 1 for somebody who talks calmly. */
export function wireBpsOf(tier: Tier, liveliness = 1): number {
  return messagesPerSecond(tier) * messageBytesOf(tier, liveliness) * 8;
}

/** One Opus voice on the wire, bits a second. */
export const VOICE_WIRE_BPS = 28_000;

/** One person's receiver reports and keyframe requests on the wire, bits a second. */
export const CONTROL_WIRE_BPS = 1_500;

/** Messages a second that may come in for one person: each costs the bridge and that person's page work of its own. */
const MESSAGES_MAX_PER_S = 300;

/**
 * What one sender's poses may take at one receiver, bits a second, where a receiver takes `bandwidthBps` in all (rule Q-20).
 * The careful assumption: everybody else moves and speaks at once, although bridges forward the loudest voices only.
 */
export function poseShareBps(bandwidthBps: number, seated: number): number {
  const others = seated - 1;
  if (others < 1) return Number.POSITIVE_INFINITY;
  return bandwidthBps / others - VOICE_WIRE_BPS - CONTROL_WIRE_BPS;
}

/** What a rung is planned to take: that of a lively person, or more where one's own poses have been seen to take more. */
export function plannedBps(rung: number, liveliness: number): number {
  return wireBpsOf(LADDER[rung]!, LIVELY_FACTOR) * liveliness;
}

/** How much more than planned one's poses take at `rung`, 1 at least. */
export function livelinessOf(wireBps: number, rung: number): number {
  return Math.max(1, wireBps / plannedBps(rung, 1));
}

/** The highest rung whose planned cost is within `shareBps`; the lowest where none is. */
export function highestRungWithin(shareBps: number, liveliness: number): number {
  for (let rung = HIGHEST_RUNG; rung > LOWEST_RUNG; rung -= 1) {
    if (plannedBps(rung, liveliness) <= shareBps) return rung;
  }
  return LOWEST_RUNG;
}

/** The highest rung whose messages from everybody else are no more than one person may get (rule Q-23). */
function highestRungForMessages(seated: number): number {
  const mostPerS = MESSAGES_MAX_PER_S / Math.max(1, seated - 1);
  return Math.max(
    LOWEST_RUNG,
    LADDER.findLastIndex((rung) => messagesPerSecond(rung) <= mostPerS),
  );
}

/**
 * The highest rung that may be sent at (rules ). Above the base tier one's own way down counts too, where the
 * bridge tells it: who could not receive that from everybody does not send it to everybody.
 */
export function rungCeiling(signals: QualitySignals, baseRung: number, liveliness: number): number {
  const { bandwidthMaxBps, downlinkBps, seated } = signals;
  const ceiling = Math.min(
    highestRungWithin(poseShareBps(bandwidthMaxBps, seated), liveliness),
    highestRungForMessages(seated),
  );
  if (downlinkBps === null) return ceiling;
  const received = highestRungWithin(poseShareBps(downlinkBps, seated), liveliness);
  return Math.min(ceiling, Math.max(baseRung, received));
}

import type { Tier } from '@/lib/core/meeting';
import type { QualitySignals } from './quality';
import { framesPerPacket, HIGHEST_RUNG, LADDER, LOWEST_RUNG } from './tiers';

/** Bytes around a packet on the wire: the bridge's JSON (82), WebSocket (2), TLS (22), TCP and IP (52). */
export const ENVELOPE_BYTES = 158;

/**
 * Bytes that a packet of `sizeBytes` takes on the wire at one receiver, modelled: base64 in the bridge's JSON, WebSocket,
 * TLS, TCP and IP, each message in a segment of its own.
 */
export function messageBytes(sizeBytes: number): number {
  return ENVELOPE_BYTES + Math.ceil((sizeBytes * 4) / 3);
}

/** Bytes of a packet's header: version, epoch, sequence, times. */
const PACKET_HEAD_BYTES = 6;

/** Bytes of a whole pose at 30 fps and compression 0, and the share that each level of compression leaves; fitted to recorded talkers. */
const FRAME_BYTES_FINEST = 48;
const LEFT_BY_A_LEVEL = 0.91;
const FRAME_BYTES_AT_FPS = 30;

/** How much larger a person's frames are in the liveliest seconds than on average. */
export const LIVELY_FACTOR = 2;

/** Bytes of one whole pose. They grow as the root of the interval between frames, as more has moved in it. */
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

/** What one sender at `tier` takes on the wire at one receiver, bits a second; `liveliness` is 1 for a calm talker. */
export function wireBpsOf(tier: Tier, liveliness = 1): number {
  return messagesPerSecond(tier) * messageBytesOf(tier, liveliness) * 8;
}

/** One Opus voice on the wire, bits a second. */
export const VOICE_WIRE_BPS = 28_000;

/** One person's receiver reports and keyframe requests on the wire, bits a second. */
export const CONTROL_WIRE_BPS = 1_500;

/** Messages a second that one person may receive: each costs the bridge and that person's page some work. */
const MESSAGES_MAX_PER_S = 300;

/**
 * What one sender's poses may take at one receiver, bits a second, if a receiver takes `bandwidthBps` in all (rule Q-20).
 * Assumes that all others move and speak at once, although bridges forward only the loudest voices.
 */
export function poseShareBps(bandwidthBps: number, seated: number): number {
  const others = seated - 1;
  if (others < 1) return Number.POSITIVE_INFINITY;
  return bandwidthBps / others - VOICE_WIRE_BPS - CONTROL_WIRE_BPS;
}

/**
 * What a rung is planned to take: the poses of a lively person, times how much more this sender's were measured to take.
 */
export function plannedBps(rung: number, liveliness: number): number {
  return wireBpsOf(LADDER[rung]!, LIVELY_FACTOR) * liveliness;
}

/** How much more than planned this sender's poses take at `rung`, at least 1. */
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

/** The highest rung at which all others together send one person no more messages than allowed (rule Q-23). */
function highestRungForMessages(seated: number): number {
  const mostPerS = MESSAGES_MAX_PER_S / Math.max(1, seated - 1);
  return Math.max(
    LOWEST_RUNG,
    LADDER.findLastIndex((rung) => messagesPerSecond(rung) <= mostPerS),
  );
}

/**
 * The highest rung that may be sent at (rules ). Above the base tier the sender's own downlink counts too, where
 * the bridge reports it: a client that could not receive that much from all others does not send it to them.
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

import { TokenBucket } from '@/server/limits/tokenBuckets';
import type { HubLimits } from '../hubLimits';
import type { DropReason } from '../hubStats';

/** A message that may be relayed. `to` is an endpoint id, or '' for every other endpoint. */
export interface Relayable {
  readonly ok: true;
  readonly kind: 'EndpointMessage' | 'EndpointStats';
  readonly to: string;
  /** The whole outgoing message, with `from` overwritten. */
  encode(): string;
}

export type ChannelMessage =
  | Relayable
  | { readonly ok: true; readonly kind: 'ClientHello' }
  | { readonly ok: false; readonly reason: DropReason };

type JsonObject = { [key: string]: unknown };

function parseObject(text: string): JsonObject | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : null;
  } catch {
    return null;
  }
}

function endpointMessage({ to = '', msgPayload }: JsonObject, from: string): ChannelMessage {
  if (typeof to !== 'string' || msgPayload === undefined) return { ok: false, reason: 'malformed' };
  const encode = () => JSON.stringify({ colibriClass: 'EndpointMessage', from, to, msgPayload });
  return { ok: true, kind: 'EndpointMessage', to, encode };
}

/**
 * Reads one frame that the endpoint `from` sent on its bridge channel. Whatever it claims as its sender is overwritten. Never
 * throws; nesting is bounded by the frame's size.
 */
export function readChannelMessage(text: string, from: string): ChannelMessage {
  const message = parseObject(text);
  if (!message || typeof message['colibriClass'] !== 'string') return { ok: false, reason: 'malformed' };
  switch (message['colibriClass']) {
    case 'EndpointMessage':
      return endpointMessage(message, from);
    case 'EndpointStats':
      return {
        ok: true,
        kind: 'EndpointStats',
        to: '',
        encode: () => JSON.stringify({ ...message, from }),
      };
    case 'ClientHello':
      return { ok: true, kind: 'ClientHello' };
    default:
      return { ok: false, reason: 'unknownClass' };
  }
}

/** What to do with a sender's message: pass it, drop it, or cut the sender off for exceeding its rate too long. */
export type SenderVerdict = 'pass' | 'drop' | 'abuse';

/** Drops further apart than this belong to separate bouts. */
const BOUT_GAP_MS = 2_000;

type SenderLimits = Pick<
  HubLimits,
  'channelMessagesPerSecond' | 'channelBytesPerSecond' | 'channelBurstSeconds' | 'channelAbuseMs'
>;

/** The rate limit of one endpoint's messages. It outlives the endpoint's sockets. */
export class SenderLimit {
  private readonly messages: TokenBucket;
  private readonly bytes: TokenBucket;
  private boutSinceMs = Number.NEGATIVE_INFINITY;
  private droppedAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly limits: SenderLimits,
    nowMs: number,
  ) {
    const { channelMessagesPerSecond, channelBytesPerSecond, channelBurstSeconds } = limits;
    this.messages = new TokenBucket(channelMessagesPerSecond, channelMessagesPerSecond * channelBurstSeconds, nowMs);
    this.bytes = new TokenBucket(channelBytesPerSecond, channelBytesPerSecond * channelBurstSeconds, nowMs);
  }

  /** Judges a message of `sizeBytes`. After `abuse` a new bout starts. */
  judge(sizeBytes: number, nowMs: number): SenderVerdict {
    if (this.messages.tryTake(1, nowMs) && this.bytes.tryTake(sizeBytes, nowMs)) return 'pass';
    if (nowMs - this.droppedAtMs > BOUT_GAP_MS) this.boutSinceMs = nowMs;
    this.droppedAtMs = nowMs;
    if (nowMs - this.boutSinceMs < this.limits.channelAbuseMs) return 'drop';
    this.droppedAtMs = Number.NEGATIVE_INFINITY;
    return 'abuse';
  }
}

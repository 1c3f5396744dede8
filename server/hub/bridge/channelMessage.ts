import type { DropReason } from '../hubStats';

/** A message that may be relayed, and for whom: `to` is an endpoint id, or '' for everybody else. */
export interface Relayable {
  readonly ok: true;
  readonly kind: 'EndpointMessage' | 'EndpointStats';
  readonly to: string;
  /** The whole message with `from` overwritten, as it goes out. */
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
 * Reads one frame of a bridge channel sent by the endpoint `from`. Whatever it says of its sender is overwritten.
 * Never throws; nesting is bounded by the frame's size.
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

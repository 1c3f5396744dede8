import { downlinkOf } from '../../connectionStats';

/** What a bridge says over its channel, as far as it concerns us. */
export type BridgeMessage =
  /** `from` is an endpoint id that the bridge itself has written. */
  | { readonly kind: 'endpointMessage'; readonly from: string; readonly payload: unknown }
  | { readonly kind: 'dominantSpeaker'; readonly endpointId: string }
  /** What the bridge believes the way down to carry, bits a second. */
  | { readonly kind: 'downlink'; readonly downlinkBps: number };

/** Longest message read, UTF-16 units; JVB's own bound for data channels. */
const MESSAGE_MAX_UNITS = 256 * 1024;

/** Reads one message of the bridge; null for every other one, and for nonsense. Never throws. */
export function readBridgeMessage(text: string): BridgeMessage | null {
  const message = text.length <= MESSAGE_MAX_UNITS ? parseObject(text) : null;
  switch (message?.['colibriClass']) {
    case 'EndpointMessage': {
      const { from, msgPayload: payload } = message;
      return typeof from === 'string' && from !== '' ? { kind: 'endpointMessage', from, payload } : null;
    }
    case 'DominantSpeakerEndpointChangeEvent': {
      const endpointId = message['dominantSpeakerEndpoint'];
      return typeof endpointId === 'string' ? { kind: 'dominantSpeaker', endpointId } : null;
    }
    default: {
      const downlinkBps = downlinkOf(message);
      return downlinkBps === null ? null : { kind: 'downlink', downlinkBps };
    }
  }
}

/**
 * An endpoint message with a packet of ours for one endpoint, or with '' for everybody else: `wrapPacket` of `envelope.ts`,
 * written at once.
 */
export function packetMessage(to: string, bytes: Uint8Array, sizeBytes: number): string {
  const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, sizeBytes).toString('base64');
  return `{"colibriClass":"EndpointMessage","to":${JSON.stringify(to)},"msgPayload":{"parley":"${base64}"}}`;
}

/** An endpoint message for one endpoint. */
export function endpointMessage(to: string, payload: unknown): string {
  return JSON.stringify({ colibriClass: 'EndpointMessage', to, msgPayload: payload });
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

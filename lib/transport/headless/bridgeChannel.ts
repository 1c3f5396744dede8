import { WebSocket } from 'ws';
import { downlinkOf } from '../bridgeMessage';

/** What a bridge channel runs over. */
export type ChannelKind = 'websocket' | 'datachannel';

/** What a bridge channel reports to its owner. */
export interface ChannelEvents {
  onOpen(isOpen: boolean): void;
  /** One text message from the bridge. */
  onText(text: string): void;
}

/** The channel to the bridge that carries endpoint messages: a WebSocket or an SCTP data channel. */
export interface BridgeChannel {
  readonly kind: ChannelKind;
  readonly isOpen: boolean;
  /** Bytes queued to be sent. */
  readonly bufferedBytes: number;
  /** Sends one text message; false if it did not leave. Never throws. */
  send(text: string): boolean;
  /** Closes it for good. No event follows. */
  close(): void;
  /** Cuts it as a broken network would, for drills. */
  cut(): void;
}

/** The messages of a bridge that matter here. */
export type BridgeMessage =
  /** `from` is an endpoint id, written by the bridge itself. */
  | { readonly kind: 'endpointMessage'; readonly from: string; readonly payload: unknown }
  | { readonly kind: 'dominantSpeaker'; readonly endpointId: string }
  /** The bridge's estimate of the bandwidth to this client, bits per second. */
  | { readonly kind: 'downlink'; readonly downlinkBps: number };

/** Longest message that is read, UTF-16 units: JVB's own limit for data channels. */
const MESSAGE_MAX_UNITS = 256 * 1024;

/** Reads one message of the bridge; null for other messages and for garbage. Never throws. */
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
 * An endpoint message that carries a packet, to one endpoint or, with '', to every other one: what `wrapPacket` makes,
 * written as text in one go.
 */
export function packetMessage(to: string, bytes: Uint8Array, sizeBytes: number): string {
  const base64 = Buffer.from(bytes.buffer, bytes.byteOffset, sizeBytes).toString('base64');
  return `{"colibriClass":"EndpointMessage","to":${JSON.stringify(to)},"msgPayload":{"parley":"${base64}"}}`;
}

/** An endpoint message for one endpoint or, with '', for every other one. */
export function endpointMessage(to: string, payload: unknown): string {
  return JSON.stringify({ colibriClass: 'EndpointMessage', to, msgPayload: payload });
}

/** What a client that wants whole screens is told to get; without feedback on its bandwidth a bridge assumes this much. */
const SCREENS_ASSUMED_BPS = 10_000_000;
const SCREEN_MAX_PX = 2_160;

/** Tells a bridge to forward every shared screen at its full size. */
export function screenConstraints(): string {
  return JSON.stringify({
    colibriClass: 'ReceiverVideoConstraints',
    lastN: -1,
    assumedBandwidthBps: SCREENS_ASSUMED_BPS,
    defaultConstraints: { maxHeight: SCREEN_MAX_PX },
  });
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** Pauses before attempts to reconnect; the last one repeats. */
const RETRY_PAUSES_MS = [500, 1_000, 2_000];
const HANDSHAKE_MAX_MS = 5_000;
const MESSAGE_MAX_BYTES = 256 * 1024;

/** A bridge channel over a WebSocket (colibri-ws) that reconnects by itself until it is closed. */
export class WebSocketChannel implements BridgeChannel {
  readonly kind = 'websocket';
  private socket: WebSocket | null = null;
  private retry: NodeJS.Timeout | null = null;
  private attempts = 0;
  private isClosed = false;

  constructor(
    private readonly url: string,
    private readonly events: ChannelEvents,
  ) {
    this.dial();
  }

  get isOpen(): boolean {
    return this.socket?.readyState === WebSocket.OPEN;
  }

  get bufferedBytes(): number {
    return this.socket?.bufferedAmount ?? 0;
  }

  send(text: string): boolean {
    const { socket } = this;
    if (socket?.readyState !== WebSocket.OPEN) return false;
    socket.send(text);
    return true;
  }

  close(): void {
    this.isClosed = true;
    if (this.retry) clearTimeout(this.retry);
    this.socket?.close(1000);
    this.socket = null;
  }

  cut(): void {
    this.socket?.terminate();
  }

  private dial(): void {
    const options = { handshakeTimeout: HANDSHAKE_MAX_MS, maxPayload: MESSAGE_MAX_BYTES, perMessageDeflate: false };
    const socket = new WebSocket(this.url, options);
    this.socket = socket;
    let wasOpen = false;
    socket.on('open', () => {
      if (this.isClosed) return;
      wasOpen = true;
      this.attempts = 0;
      this.events.onOpen(true);
    });
    socket.on('message', (data, isBinary) => {
      if (!isBinary && !this.isClosed) this.events.onText(data.toString());
    });
    // `close` follows every error.
    socket.on('error', () => {});
    socket.on('close', () => {
      if (this.isClosed) return;
      if (wasOpen) this.events.onOpen(false);
      this.dialLater();
    });
  }

  private dialLater(): void {
    const pauseMs = RETRY_PAUSES_MS[Math.min(this.attempts, RETRY_PAUSES_MS.length - 1)];
    this.attempts += 1;
    this.retry = setTimeout(() => this.dial(), pauseMs);
  }
}

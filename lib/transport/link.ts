import type { JitsiCoordinates } from '@/lib/core/meeting';
import type { Endpoint, TransportError } from './transport';

/** What became of a message that a link was asked to send. */
export type LinkOutcome = 'sent' | 'notOpen' | 'backlogged';

/** What a link tells the transport that owns it. */
export interface LinkEvents {
  onJoined(endpoint: Endpoint): void;
  onLeft(endpointId: string): void;
  /** Somebody's page is hidden, or shown again. */
  onHidden(endpointId: string, isHidden: boolean): void;
  /** A payload came over the bridge channel; `endpointId` is what the bridge says, one's own for an echo. */
  onMessage(endpointId: string, payload: unknown): void;
  /** The bridge channel has opened, or is known to have closed. Told at each change, never by a guess from silence. */
  onChannel(isOpen: boolean): void;
  /** What the bridge believes the way down to carry, bits a second. */
  onDownlink(downlinkBps: number): void;
  /** The XMPP connection is known to be cut, or is back. While it is cut the link tries to resume it by itself. */
  onSignalling(isUp: boolean): void;
  /** The link, once up, is down for good. */
  onDown(error: TransportError): void;
}

/** One connection to one conference, from joining to its end. Not used again after that. */
export interface Link {
  /** One's own endpoint id; '' before the conference is joined. */
  readonly endpointId: string;
  /** Whether the link opens a bridge channel that has closed again by itself, within a second or so. */
  readonly reopensChannel: boolean;
  /** Bytes that wait to be sent in the bridge channel; null where that cannot be known. */
  readonly backlogBytes: number | null;
  /** Resolves once the conference is joined. @throws TransportError */
  open(): Promise<void>;
  /** Sends the first `sizeBytes` of `bytes` to everybody else. Never throws. */
  broadcast(bytes: Uint8Array, sizeBytes: number): LinkOutcome;
  /** Sends the first `sizeBytes` of `bytes` to one endpoint. Never throws. */
  sendTo(endpointId: string, bytes: Uint8Array, sizeBytes: number): LinkOutcome;
  /** Sends `payload` to oneself over the bridge, which answers by {@link LinkEvents.onMessage}. Never throws. */
  echo(payload: unknown): LinkOutcome;
  /** Tells the others whether this page is hidden. Never throws. */
  setHidden(isHidden: boolean): void;
  /** Leaves and disconnects, at once or within two seconds; never rejects. A second call does nothing. */
  close(): Promise<void>;
}

/** Where to go and what lets one in; the token lives for minutes, so each link asks for a fresh one. */
export interface JitsiPass {
  readonly coordinates: JitsiCoordinates;
  /** JWT, or '' where the deployment asks for none. */
  readonly joinToken: string;
}

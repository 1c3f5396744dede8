import type { JitsiCoordinates } from '@/lib/core/meeting';
import type { MediaPhase } from './mediaPath';
import type { Endpoint, TransportError } from './transport';

/** A link with more than this queued takes no more: its uplink is slower than what is sent (bytes). */
export const LINK_BACKLOG_MAX_BYTES = 32 * 1024;

/** What became of a message passed to a link. */
export type LinkOutcome = 'sent' | 'notOpen' | 'backlogged';

/** What a link reports to the transport that owns it. */
export interface LinkEvents {
  onJoined(endpoint: Endpoint): void;
  onLeft(endpointId: string): void;
  /** The XMPP server says what it calls the session behind an endpoint, perhaps the local one (XEP-0421). */
  onOccupant(endpointId: string, occupantId: string): void;
  /** An endpoint's page is hidden, or shown again. */
  onHidden(endpointId: string, isHidden: boolean): void;
  /** An endpoint says that no media comes through to it or from it, or that it does now. */
  onUnheard(endpointId: string, isUnheard: boolean): void;
  /** A payload arrived over the bridge channel. `endpointId` is set by the bridge; the local endpoint's for an echo. */
  onMessage(endpointId: string, payload: unknown): void;
  /** The bridge channel has opened, or is known to have closed. Reported at each change, never guessed from silence. */
  onChannel(isOpen: boolean): void;
  /** The bridge's estimate of the bandwidth to this client, bits per second. */
  onDownlink(downlinkBps: number): void;
  /** The XMPP connection is known to be cut, or is back. While it is cut, the link tries to resume it. */
  onSignalling(isUp: boolean): void;
  /** The focus says that it has no bridge for anyone, or that it has one again. Reported at each change. */
  onBridgeAway(isAway: boolean): void;
  /** An occupant other than the focus, perhaps the local one, owns the room, and could remove others from it. */
  onOwner(endpointId: string): void;
  /** The link, once up, is down for good. */
  onDown(error: TransportError): void;
}

/** One connection to one conference, from joining to its end. Not used again after that. */
export interface Link {
  /** The local endpoint's id; '' before the conference is joined. */
  readonly endpointId: string;
  /** What the XMPP server calls the local session in the room (XEP-0421); null if it does not say. */
  readonly occupantId: string | null;
  /** Whether the link reopens a closed bridge channel by itself, within a second or so. */
  readonly reopensChannel: boolean;
  /** Whether the session with the bridge can be replaced by a fresh one: there is one, and its media is not being connected. */
  readonly canRestart: boolean;
  /** Bytes queued in the bridge channel; null if unknown. */
  readonly backlogBytes: number | null;
  /** How far the media connection is now. Read several times a second. */
  readonly mediaPhase: MediaPhase;
  /** The UDP port that the bridge offers for media; null if none is known. */
  readonly mediaPort: number | null;
  /**
   * The link is the one that its transport uses from now on: media go over it. Called once, before {@link open} unless the link is
   * made beside an older one, whose voices must not be doubled.
   */
  begin(): void;
  /** Resolves once the conference is joined. @throws TransportError */
  open(): Promise<void>;
  /** Sends the first `sizeBytes` of `bytes` to every other endpoint. Never throws. */
  broadcast(bytes: Uint8Array, sizeBytes: number): LinkOutcome;
  /** Sends the first `sizeBytes` of `bytes` to one endpoint. Never throws. */
  sendTo(endpointId: string, bytes: Uint8Array, sizeBytes: number): LinkOutcome;
  /**
   * Sends `payload` as JSON over the bridge to one endpoint, or with '' to every other one. What is sent to the local endpoint
   * returns in {@link LinkEvents.onMessage}. Never throws.
   */
  tell(endpointId: string, payload: unknown): LinkOutcome;
  /** Tells the other endpoints whether this page is hidden. Never throws. */
  setHidden(isHidden: boolean): void;
  /** Tells the other endpoints that no media comes through to this client or from it, or that it does now. Never throws. */
  setUnheard(isUnheard: boolean): void;
  /**
   * Asks the focus to end the session with the bridge and to offer a fresh one. The channel is reported as closed at once, and
   * as open when that of the fresh session is. Never throws.
   */
  restart(): void;
  /** Leaves and disconnects within two seconds. Never rejects; a second call does nothing. */
  close(): Promise<void>;
}

/** Where to connect, and the token that lets the client in. A token lives for minutes, so each link fetches a fresh pass. */
export interface JitsiPass {
  readonly coordinates: JitsiCoordinates;
  /** JWT; '' if the deployment asks for none. */
  readonly joinToken: string;
}

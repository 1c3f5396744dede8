import type { Log } from '@/lib/core/log';
import type { JitsiPass } from '../link';
import { focusRefused, loginRefused, roomRefused, unreachable } from '../refusals';
import { lost, TransportError } from '../transport';
import { type LibraryLogTransport, libraryLog } from './libraryReports';

/** The part of lib-jitsi-meet that Parley uses. Its builds carry no types. */
export interface JitsiMeetJs {
  init(options: Record<string, unknown>): unknown;
  setLogLevel(level: string): void;
  readonly logLevels: { readonly ERROR: string };
  /** What receives the library's log besides the console. */
  addGlobalLogTransport(transport: LibraryLogTransport): void;
  removeGlobalLogTransport(transport: Console): void;
  readonly JitsiConnection: new (
    appId: string | null,
    token: string | null,
    options: Record<string, unknown>,
  ) => JitsiConnection;
  /** @throws JitsiTrackError (as a rejection) */
  createLocalTracks(options: JitsiCaptureOptions): Promise<JitsiLocalTrack[]>;
  readonly events: {
    readonly connection: Readonly<Record<ConnectionEventName, string>>;
    readonly conference: Readonly<Record<ConferenceEventName, string>>;
    readonly track: { readonly TRACK_VIDEOTYPE_CHANGED: string };
  };
  readonly errors: { readonly conference: Readonly<Record<ConferenceErrorName, string>> };
}

type ConnectionEventName = 'CONNECTION_ESTABLISHED' | 'CONNECTION_FAILED' | 'CONNECTION_DISCONNECTED';

type ConferenceEventName =
  | 'CONFERENCE_JOINED'
  | 'CONFERENCE_FAILED'
  | 'KICKED'
  | 'DATA_CHANNEL_OPENED'
  | 'USER_JOINED'
  | 'USER_LEFT'
  | 'ENDPOINT_MESSAGE_RECEIVED'
  | 'PARTICIPANT_PROPERTY_CHANGED'
  | 'DOMINANT_SPEAKER_CHANGED'
  | 'TRACK_ADDED'
  | 'TRACK_REMOVED'
  | 'TRACK_MUTE_CHANGED';

type ConferenceErrorName =
  | 'CONFERENCE_DESTROYED'
  | 'NOT_ALLOWED_ERROR'
  | 'CONNECTION_ERROR'
  | 'CONFERENCE_RESTARTED'
  | 'FOCUS_LEFT'
  | 'GRACEFUL_SHUTDOWN'
  | 'MEMBERS_ONLY_ERROR'
  | 'AUTHENTICATION_REQUIRED'
  | 'VIDEOBRIDGE_NOT_AVAILABLE';

type Listener = (...args: never[]) => void;

export interface JitsiConnection {
  connect(options?: Record<string, unknown>): void;
  disconnect(): Promise<unknown> | undefined;
  addEventListener(event: string, listener: Listener): void;
  removeEventListener(event: string, listener: Listener): void;
  initJitsiConference(room: string, options: Record<string, unknown>): JitsiConference;
  /** Not public. Where it can be reached, it tells at once that the socket is gone. */
  readonly xmpp?: {
    readonly connection?: { readonly _stropheConn?: { readonly _proto?: JitsiWire } };
  };
}

/** The XMPP stream over a WebSocket, in the library's own XMPP library. Not public. */
export interface JitsiWire {
  readonly socket?: WebSocket | null;
  /** Takes each message of a stream that has opened. */
  _onMessage?(message: MessageEvent): void;
}

export interface JitsiConference {
  on(event: string, listener: Listener): void;
  off(event: string, listener: Listener): void;
  join(): void;
  leave(): Promise<unknown>;
  myUserId(): string;
  broadcastEndpointMessage(payload: unknown): void;
  sendEndpointMessage(to: string, payload: unknown): void;
  setLocalParticipantProperty(name: string, value: string): void;
  setReceiverConstraints?(constraints: Record<string, unknown>): void;
  addTrack(track: JitsiLocalTrack): Promise<unknown>;
  replaceTrack(previous: JitsiLocalTrack, next: JitsiLocalTrack): Promise<unknown>;
  getParticipantById(id: string): JitsiParticipant | undefined;
  getActiveMediaSession?(): JitsiMediaSession | null | undefined;
  /** Not public. Raises events of XMPP that the library does not pass on. */
  readonly room?: { addListener?(event: string, listener: Listener): void } | null;
  /** Not public. Ends the session with the bridge and asks the focus for a fresh one, as the library does when ICE fails. */
  _restartMediaSessions?(): void;
  /** Not public. Reports the other endpoints' tracks in the session with the bridge as removed. @throws without a session */
  _removeRemoteJVBTracks?(): void;
  /** Not public. Writes what is known of the local tracks into the local presence, and sends it if it has changed. */
  _updateRoomPresence?(session: unknown): void;
  /** Not public. Where it can be reached, it shows the send queue and messages that the library does not pass on. */
  readonly rtc?: {
    readonly _channel?: JitsiBridgeChannel | null;
    createPeerConnection?(...facts: unknown[]): JitsiPeerConnection;
  };
}

/** The library's wrapper of a media connection. Not public. */
export interface JitsiPeerConnection {
  readonly peerconnection?: Pick<RTCPeerConnection, 'addEventListener' | 'removeEventListener'>;
  /** Its listener for tracks, which it has added. */
  onTrack?(event: RTCTrackEvent): void;
}

/** A session with the bridge. Not public. Where its connection can be reached, it shows whether media comes through. */
interface JitsiMediaSession {
  readonly peerconnection?: { readonly peerconnection?: RTCPeerConnection } | null;
}

/** The library's wrapper of a bridge channel: a new object for each session with the bridge. */
export interface JitsiBridgeChannel {
  readonly mode?: 'websocket' | 'datachannel' | null;
  readonly _channel?: WebSocket | RTCDataChannel | null;
}

export interface JitsiParticipant {
  getId(): string;
  getIdentity?(): JitsiIdentity | undefined;
  /** What newer builds return from `getIdentity`. */
  readonly _identity?: JitsiIdentity;
}

interface JitsiIdentity {
  readonly user?: { readonly id?: string };
}

/** What the browser is asked to capture. Never a webcam. */
export interface JitsiCaptureOptions {
  readonly devices: readonly ['audio'] | readonly ['desktop'];
  readonly micDeviceId?: string;
}

interface JitsiTrack {
  isLocal(): boolean;
  getType(): string;
  getVideoType(): string | null;
  getTrack(): MediaStreamTrack;
  getOriginalStream(): MediaStream;
  isMuted(): boolean;
}

export interface JitsiRemoteTrack extends JitsiTrack {
  addEventListener(event: string, listener: Listener): void;
  /** Nothing while a bridge that rewrites sources has given the track to no endpoint. */
  getParticipantId(): string;
}

export interface JitsiLocalTrack extends JitsiTrack {
  mute(): Promise<unknown>;
  unmute(): Promise<unknown>;
  dispose(): Promise<unknown>;
  stopStream(): void;
  /** Newer builds name a track after the endpoint that first sends it. */
  setSourceName?(name: string): void;
}

const loading = new Map<string, Promise<JitsiMeetJs>>();

function findGlobal(): JitsiMeetJs | undefined {
  return (globalThis as { JitsiMeetJS?: JitsiMeetJs }).JitsiMeetJS;
}

function appendScript(url: string): Promise<JitsiMeetJs> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    const fail = () => {
      script.remove();
      reject(new TransportError('libraryUnavailable', 'The meeting server does not serve its client library.'));
    };
    script.src = url;
    script.async = true;
    script.onerror = fail;
    script.onload = () => {
      const library = findGlobal();
      if (library) resolve(library);
      else fail();
    };
    document.head.append(script);
  });
}

/** The library would measure every connection every ten seconds and tell the bridge, which nothing here reads. */
const MEDIA_STATS_INTERVAL_MS = 24 * 3600 * 1000;

function initialise(library: JitsiMeetJs, log: Log): JitsiMeetJs {
  library.setLogLevel(library.logLevels.ERROR);
  library.removeGlobalLogTransport(console);
  library.addGlobalLogTransport(libraryLog(log));
  library.init({
    // Levels are measured where voices are played.
    disableAudioLevels: true,
    disableThirdPartyRequests: true,
    enableAnalyticsLogging: false,
    pcStatsInterval: MEDIA_STATS_INTERVAL_MS,
    // A bridge sends voices before the focus has announced them, which Chromium 148 and newer may then never play. With both, newer
    // builds learn of them from the bridge itself, tell them apart by their `mid`, and recover one that stays silent.
    flags: { ssrcRewritingEnabled: true, rtpMidDemuxEnabled: true },
  });
  return library;
}

/**
 * Loads and initialises the build of lib-jitsi-meet that the deployment serves, once per page.
 * @throws TransportError `libraryUnavailable`; a later call tries again.
 */
export function loadJitsiLibrary(url: string, log: Log): Promise<JitsiMeetJs> {
  const known = loading.get(url);
  if (known) return known;
  const attempt = appendScript(url).then((library) => initialise(library, log));
  loading.set(url, attempt);
  attempt.catch(() => loading.delete(url));
  return attempt;
}

/** The options of the library's connection. */
export function connectionOptions({ coordinates }: JitsiPass): Record<string, unknown> {
  return {
    hosts: {
      domain: coordinates.xmppDomain,
      muc: coordinates.mucDomain,
      focus: coordinates.focusDomain,
    },
    serviceUrl: `${coordinates.xmppWebSocketUrl}?room=${encodeURIComponent(coordinates.room)}`,
    // Without the empty list the library asks a public STUN host.
    p2p: { enabled: false, stunServers: [] },
    stunServers: [],
    enableWebsocketResume: true,
    // Notices a silent network well before the server gives the seat away (milliseconds).
    xmppPing: { interval: 5_000, timeout: 3_000, threshold: 2 },
  };
}

/** The options of the library's conference. */
export const CONFERENCE_OPTIONS = {
  // The offer decides between WebSocket and data channel; naming one here would rule out the other.
  openBridgeChannel: true,
  p2p: { enabled: false, stunServers: [] },
  stunServers: [],
  disableSimulcast: true,
  enableTalkWhileMuted: false,
  // The library would send endpoint messages of its own to measure.
  e2eping: { pingInterval: -1 },
  disableThirdPartyRequests: true,
};

/** A failure of the library's connection as a TransportError. `said`: the server's words about a login, if it had any. */
export function connectionError(kind: string, said?: unknown): TransportError {
  if (kind === 'connection.passwordRequired') return loginRefused(typeof said === 'string' ? said : '');
  if (kind === 'connection.conferenceRequestFailed') return unreachable('The conference focus did not answer.');
  return unreachable('The meeting server cannot be reached.');
}

/**
 * A failure of the library's conference as a TransportError; null if the library goes on, as after a lost media connection:
 * poses may still flow. `said`: what the library adds; for a refusal, newer builds add a type of their own and the server's
 * words.
 */
export function conferenceError(
  library: JitsiMeetJs,
  kind: string,
  isUp: boolean,
  said: readonly unknown[] = [],
): TransportError | null {
  const errors = library.errors.conference;
  if (kind === errors.CONFERENCE_DESTROYED) {
    return new TransportError('conferenceDestroyed', 'The meeting was closed on the server.');
  }
  if (kind === errors.AUTHENTICATION_REQUIRED) return focusRefused('');
  if (kind === errors.MEMBERS_ONLY_ERROR) return roomRefused('registration-required');
  if (kind === errors.NOT_ALLOWED_ERROR) return roomRefused(typeof said[1] === 'string' ? said[1] : '');
  const broken = [errors.CONNECTION_ERROR, errors.CONFERENCE_RESTARTED, errors.FOCUS_LEFT, errors.GRACEFUL_SHUTDOWN];
  return isUp && !broken.includes(kind) ? null : lost();
}

/** What Parley uses of lib-jitsi-meet, whose builds carry no types: the edge where the foreign library is typed. */
export interface JitsiMeetJs {
  init(options: Record<string, unknown>): unknown;
  setLogLevel(level: string): void;
  readonly logLevels: { readonly ERROR: string };
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
  | 'AUTHENTICATION_REQUIRED';

type Listener = (...args: never[]) => void;

export interface JitsiConnection {
  connect(options?: Record<string, unknown>): void;
  disconnect(): Promise<unknown> | undefined;
  addEventListener(event: string, listener: Listener): void;
  removeEventListener(event: string, listener: Listener): void;
  initJitsiConference(room: string, options: Record<string, unknown>): JitsiConference;
  /** Not public: where it can be reached it tells at once that the socket is gone. */
  readonly xmpp?: {
    readonly connection?: { readonly _stropheConn?: { readonly _proto?: { readonly socket?: WebSocket | null } } };
  };
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
  getActiveMediaSession?(): unknown;
  /** Not public: writes what is known of one's own tracks into one's presence, and sends it where that has changed. */
  _updateRoomPresence?(session: unknown): void;
  /** Not public: where it can be reached it tells how much waits to be sent, and hears what the library keeps back. */
  readonly rtc?: { readonly _channel?: JitsiBridgeChannel | null };
}

/** The library's own wrapper of a bridge channel; another object for each session with the bridge. */
export interface JitsiBridgeChannel {
  readonly mode?: 'websocket' | 'datachannel' | null;
  readonly _channel?: WebSocket | RTCDataChannel | null;
}

export interface JitsiParticipant {
  getId(): string;
  getIdentity?(): JitsiIdentity | undefined;
  /** Where the older builds keep what newer ones tell by `getIdentity`. */
  readonly _identity?: JitsiIdentity;
}

interface JitsiIdentity {
  readonly user?: { readonly id?: string };
}

/** What is asked of the browser. A camera never is. */
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

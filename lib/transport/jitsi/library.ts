import { TransportError } from '../transport';

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
  readonly events: {
    readonly connection: Readonly<Record<ConnectionEventName, string>>;
    readonly conference: Readonly<Record<ConferenceEventName, string>>;
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
  | 'ENDPOINT_MESSAGE_RECEIVED';

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
}

export interface JitsiConference {
  on(event: string, listener: Listener): void;
  off(event: string, listener: Listener): void;
  join(): void;
  leave(): Promise<unknown>;
  broadcastEndpointMessage(payload: unknown): void;
  /** Not public: where it can be reached it tells how much waits to be sent. */
  readonly rtc?: { readonly _channel?: { readonly _channel?: { readonly bufferedAmount?: number } | null } | null };
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

const loading = new Map<string, Promise<JitsiMeetJs>>();

function findGlobal(): JitsiMeetJs | undefined {
  return (globalThis as { JitsiMeetJS?: JitsiMeetJs }).JitsiMeetJS;
}

function appendScript(url: string): Promise<JitsiMeetJs> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    const fail = () => {
      script.remove();
      reject(new TransportError('libraryUnavailable', 'The meeting server does not hand out its client library.'));
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

/** Without media there is nothing to measure; the library would complain of it every ten seconds. */
const MEDIA_STATS_INTERVAL_MS = 24 * 3600 * 1000;

function initialise(library: JitsiMeetJs): JitsiMeetJs {
  library.setLogLevel(library.logLevels.ERROR);
  library.init({
    disableAudioLevels: true,
    disableThirdPartyRequests: true,
    enableAnalyticsLogging: false,
    pcStatsInterval: MEDIA_STATS_INTERVAL_MS,
  });
  return library;
}

/**
 * Loads and initialises the build of lib-jitsi-meet that the deployment itself serves, once a page.
 * @throws TransportError `libraryUnavailable`; a later call tries again.
 */
export function loadJitsiLibrary(url: string): Promise<JitsiMeetJs> {
  const known = loading.get(url);
  if (known) return known;
  const attempt = appendScript(url).then(initialise);
  loading.set(url, attempt);
  attempt.catch(() => loading.delete(url));
  return attempt;
}

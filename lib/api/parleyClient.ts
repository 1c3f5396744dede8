import { createTRPCClient, httpLink, httpSubscriptionLink, splitLink, type TRPCClient } from '@trpc/client';
import { FetchEventSource, SilentTries } from '@/lib/api/fetchEventSource';
import { MeetingPoll } from '@/lib/api/meetingPoll';
import { type ParleyApiError, toParleyApiError } from '@/lib/api/parleyApiError';
import type { RecordingApi } from '@/lib/api/recordingApi';
import { type UploadAvatarOptions, uploadAvatar } from '@/lib/api/uploadAvatar';
import {
  type JoinGrant,
  type MeetingEvent,
  type MeetingView,
  STAY_HEADER,
  type StoredAvatarView,
} from '@/lib/core/meeting';
import type { AppInputs, AppOutputs, AppRouter } from '@/server/api/router';

export type CreateMeetingInput = NonNullable<AppInputs['meeting']['create']>;
export type CreatedMeeting = AppOutputs['meeting']['create'];
export type JoinMeetingInput = AppInputs['meeting']['join'];
export type GetMeetingInput = AppInputs['meeting']['get'];
export type LeaveMeetingInput = AppInputs['meeting']['leave'];
export type EndMeetingInput = AppInputs['meeting']['end'];
export type ChangeMeetingInput = AppInputs['meeting']['change'];
export type ClaimEndpointInput = AppInputs['meeting']['claim'];
type ReportFaultInput = AppInputs['meeting']['reportFault'];
export type HeartbeatInput = AppInputs['meeting']['heartbeat'];
export type MeetingEventsInput = AppInputs['meeting']['events'] & { readonly stayToken?: string };

/**
 * How events arrive: over the stream (`open`), by looking at the meeting every few seconds because something on the way holds
 * streams back (`polling`), or not at the moment (`connecting`). It returns to `open` by itself.
 */
export type EventsConnection = 'connecting' | 'open' | 'polling';

/** Callbacks for a meeting's events. */
export interface MeetingEventsObserver {
  /**
   * Called for every event, in order. A `snapshot` comes first, and again after a loss: it replaces everything known so far.
   * `joined` for a person who is already known replaces them: they came back. So does `changed`. Where streams are held back,
   * events are derived from looks at the meeting, so that what came and went between two looks is left out.
   */
  onEvent(event: MeetingEvent): void;
  /** The API refused or ended the stream (`replaced`, `tokenExpired`). Called once; nothing follows. */
  onError?(error: ParleyApiError): void;
  onConnectionChange?(connection: EventsConnection): void;
  /** The meeting has ended or the stay was left. Called once; nothing follows. */
  onComplete?(): void;
}

/** Calls about meetings. Every promise rejects with a {@link ParleyApiError}. */
export interface MeetingApi {
  /** Creates a meeting. The `hostToken` is returned only here. */
  create(input?: CreateMeetingInput): Promise<CreatedMeeting>;
  /** Takes a seat, or watches. The same `identity` gets the same seat back. */
  join(input: JoinMeetingInput): Promise<JoinGrant>;
  get(input: GetMeetingInput): Promise<MeetingView>;
  /** Ends the stay and frees its seat at once. */
  leave(input: LeaveMeetingInput): Promise<void>;
  /** For a page that is closing: works even then. The seat is free 3.5 s later, unless a reload takes it back. */
  leaveOnClose(input: HeartbeatInput): void;
  /** Ends the meeting for all. */
  end(input: EndMeetingInput): Promise<MeetingView>;
  /** Changes the name or avatar of a stay; what is absent stays. All observers get `changed`. */
  change(input: ChangeMeetingInput): Promise<void>;
  /**
   * Reports the person's endpoint in the conference, in place of an earlier one: all observers get `changed`. The endpoint
   * must say the `nonce` over the bridge for the others to believe it. `lib/attend` does all that.
   */
  claim(input: ClaimEndpointInput): Promise<{ readonly nonce: string }>;
  /** Tells the site's operator what is wrong with its Jitsi deployment. `lib/attend` does that by itself. */
  reportFault(input: ReportFaultInput): Promise<void>;
  /** Keeps a stay for another 15 s; call it every 5 s. */
  heartbeat(input: HeartbeatInput): Promise<void>;
  /** Follows a meeting until the returned function is called. With a `stayToken` the stream also keeps that stay. */
  events(input: MeetingEventsInput, observer: MeetingEventsObserver): () => void;
}

/** Custom avatars. */
export interface AvatarApi {
  /**
   * Uploads a custom avatar: a VRM or GLB of at most 10 MB, by somebody who is in a meeting. The `avatar` returned names it
   * in `meeting.join` and `meeting.change`. Rejects with a {@link ParleyApiError} whose `avatarReason` says what is wrong
   * with the file.
   */
  upload(bytes: Uint8Array<ArrayBuffer>, options: UploadAvatarOptions): Promise<StoredAvatarView>;
}

/** The typed client of a Parley site, for browsers and Node alike. */
export interface ParleyClient {
  readonly meeting: MeetingApi;
  readonly avatar: AvatarApi;
  readonly recording: RecordingApi;
}

export interface ParleyClientOptions {
  /** The site's address, such as `https://meet.example.org`. */
  readonly url: string;
  /** Instead of the global `fetch`. */
  readonly fetch?: typeof fetch;
}

/** Timeout of a call. */
const CALL_MAX_MS = 15_000;

function withDeadline(send: typeof fetch): typeof fetch {
  return (target, init) => {
    const deadline = AbortSignal.timeout(CALL_MAX_MS);
    return send(target, { ...init, signal: init?.signal ? AbortSignal.any([init.signal, deadline]) : deadline });
  };
}

/** `send` in the name of a stay. */
function asStay(send: typeof fetch, stayToken: string | undefined): typeof fetch {
  if (stayToken === undefined) return send;
  return (target, init) => {
    const headers = new Headers(init?.headers);
    headers.set(STAY_HEADER, stayToken);
    return send(target, { ...init, headers });
  };
}

function createTrpc(endpoint: string, send: typeof fetch): TRPCClient<AppRouter> {
  return createTRPCClient<AppRouter>({
    links: [
      splitLink({
        condition: (operation) => operation.type === 'subscription',
        true: httpSubscriptionLink({
          url: endpoint,
          EventSource: FetchEventSource,
          eventSourceOptions: ({ op: { context } }) => ({
            fetch: asStay(send, context['stayToken'] as string | undefined),
            tries: context['tries'] as SilentTries,
          }),
        }),
        false: httpLink({ url: endpoint, fetch: withDeadline(send) }),
      }),
    ],
  });
}

async function typed<Result>(call: Promise<Result>): Promise<Result> {
  try {
    return await call;
  } catch (error) {
    throw toParleyApiError(error);
  }
}

/** One subscription to a meeting's events: a stream, and looks at the meeting as long as streams are held back. */
class Following {
  private readonly subscription: { unsubscribe(): void };
  private poll: MeetingPoll | null = null;
  private isStreaming = false;
  private isPolling = false;
  private told: EventsConnection | null = null;
  private isOver = false;

  constructor(
    private readonly trpc: TRPCClient<AppRouter>,
    private readonly input: MeetingEventsInput,
    private readonly observer: MeetingEventsObserver,
  ) {
    const tries = new SilentTries((isHeldBack) => this.onSilent(isHeldBack));
    const handlers = {
      context: { tries, stayToken: input.stayToken },
      onData: (event: MeetingEvent) => this.onStreamed(event),
      onError: (error: unknown) => this.end(() => observer.onError?.(toParleyApiError(error))),
      onComplete: () => this.end(() => observer.onComplete?.()),
      onConnectionStateChange: ({ state }: { readonly state: string }) => {
        if (state === 'idle') return;
        this.isStreaming = state === 'pending';
        this.tellConnection();
      },
    };
    this.subscription = trpc.meeting.events.subscribe({ id: input.id }, handlers);
  }

  stop(): void {
    this.end(() => {});
  }

  private onStreamed(event: MeetingEvent): void {
    if (this.isOver) return;
    this.stopPolling();
    this.observer.onEvent(event);
  }

  private onSilent(isHeldBack: boolean): void {
    if (this.isOver) return;
    // The server takes the end of a stream for a page that has gone, which a heartbeat puts right.
    this.keep().catch(() => {});
    if (!isHeldBack || this.poll) return;
    this.poll = new MeetingPoll({
      look: () => this.trpc.meeting.get.query({ id: this.input.id }),
      keep: () => this.keep(),
      onEvent: (event) => this.observer.onEvent(event),
      onLook: (hasSucceeded) => {
        this.isPolling = hasSucceeded;
        this.tellConnection();
      },
      onRefused: (error) => this.end(() => this.observer.onError?.(error)),
      onEnded: () => this.end(() => this.observer.onComplete?.()),
    });
  }

  private async keep(): Promise<void> {
    const { id, stayToken } = this.input;
    if (stayToken !== undefined) await this.trpc.meeting.heartbeat.mutate({ id, stayToken });
  }

  private stopPolling(): void {
    this.poll?.stop();
    this.poll = null;
    this.isPolling = false;
  }

  private tellConnection(): void {
    const now = this.isStreaming ? 'open' : this.isPolling ? 'polling' : 'connecting';
    if (this.isOver || now === this.told) return;
    this.told = now;
    this.observer.onConnectionChange?.(now);
  }

  private end(tell: () => void): void {
    if (this.isOver) return;
    this.isOver = true;
    this.stopPolling();
    tell();
    this.subscription?.unsubscribe();
  }
}

function sayOnClose(send: typeof fetch, target: string, input: LeaveMeetingInput): void {
  const body = new Blob([JSON.stringify({ ...input, closing: true })], { type: 'application/json' });
  if (globalThis.navigator?.sendBeacon?.(target, body)) return;
  // A closing page cannot handle a failure.
  send(target, { method: 'POST', body, keepalive: true }).catch(() => {});
}

/**
 * Makes a client of a Parley site.
 * @example
 * const parley = createParleyClient({ url: 'https://meet.example.org' });
 * const { id } = await parley.meeting.create({ title: 'Stand-up' });
 * const stop = parley.meeting.events({ id }, { onEvent: (event) => console.log(event) });
 */
export function createParleyClient({ url, fetch: ownFetch }: ParleyClientOptions): ParleyClient {
  const send: typeof fetch = ownFetch ?? ((target, init) => globalThis.fetch(target, init));
  const site = url.replace(/\/+$/, '');
  const endpoint = `${site}/api/trpc`;
  const trpc = createTrpc(endpoint, send);
  const { meeting, recording } = trpc;
  return {
    meeting: {
      create: (input = {}) => typed(meeting.create.mutate(input)),
      join: (input) => typed(meeting.join.mutate(input)),
      get: (input) => typed(meeting.get.query(input)),
      leave: (input) => typed(meeting.leave.mutate(input)),
      leaveOnClose: (input) => sayOnClose(send, `${endpoint}/meeting.leave`, input),
      end: (input) => typed(meeting.end.mutate(input)),
      change: (input) => typed(meeting.change.mutate(input)),
      claim: (input) => typed(meeting.claim.mutate(input)),
      reportFault: (input) => typed(meeting.reportFault.mutate(input)),
      heartbeat: (input) => typed(meeting.heartbeat.mutate(input)),
      events: (input, observer) => {
        const following = new Following(trpc, input, observer);
        return () => following.stop();
      },
    },
    avatar: { upload: (bytes, options) => uploadAvatar(send, site, bytes, options) },
    recording: {
      start: (input) => typed(recording.start.mutate(input)),
      stop: (input) => typed(recording.stop.mutate(input)),
      list: (input) => typed(recording.list.mutate(input)),
      live: (input) => typed(recording.live.query(input)),
      get: (input) => typed(recording.get.mutate(input)),
      delete: (input) => typed(recording.delete.mutate(input)),
      share: (input) => typed(recording.share.mutate(input)),
      permit: (input) => typed(recording.permit.mutate(input)),
      agree: (input) => typed(recording.agree.mutate(input)),
    },
  };
}

import { randomBytes } from 'node:crypto';
import type { Log } from '@/lib/core/log';
import type { LiveRecording, LiveState, RecordingView } from '@/lib/core/recording';
import type { Recorder } from '@/server/recorder/recorderContract';
import type { RecordingDefaults } from '@/server/services/meetings/joinRules';
import { MeetingError, requireLive } from '@/server/services/meetings/meetingError';
import type { MeetingFeeds } from '@/server/services/meetings/meetingFeeds';
import type { Caller, StayInput } from '@/server/services/meetings/meetingService';
import { toNotice } from '@/server/services/meetings/meetingView';
import type { StayKeeper } from '@/server/services/meetings/stayKeeper';
import type { RateLimits } from '@/server/services/rateLimits';
import {
  type GrantedRight,
  type GrantTerms,
  type RecordingRights,
  type RightKind,
  subjectOf,
} from '@/server/services/tokens/recordingRights';
import { hashSecret } from '@/server/services/tokens/secrets';
import type { MeetingStore } from '@/server/store/meetingStore';
import type { RecordingRecord, StartOutcome } from '@/server/store/recordingStore';
import type { RecordingStorage } from '@/server/store/recordings/recordingStorage';
import { type QuotaSettings, RecordingQuota } from './recordingQuota';
import { RecordingReader } from './recordingReader';
import { eventOf, type RecordingProgress, RecordingRuns } from './recordingRuns';

const DAY_MS = 86_400_000;
/** Days that the address of a broadcast lasts. */
const LIVE_DAYS = 1;
/** How long the end of a recording can be had by those who watch it as it is made, who are a little behind. */
const LIVE_AFTER_MS = 60_000;
/** Days that a link lasts which is given without being asked for. */
const LINK_DAYS = 7;

/** A meeting or a recording by its id, and what says that its caller may do this: the host's token, or a right. */
export interface RecordingInput {
  readonly id: string;
  readonly hostToken?: string;
  readonly right?: string;
}

/** A right to give on: to watch, or also to share and delete. */
export interface ShareInput extends RecordingInput {
  readonly to?: 'watch' | 'manage';
  readonly days?: number;
}

export interface SharedRecording {
  readonly right: string;
  readonly replayUrl: string;
  /** ISO time. */
  readonly expiresAt: string;
}

export interface PermitInput {
  readonly id: string;
  readonly hostToken: string;
  readonly days?: number;
}

export interface PermittedRecording {
  readonly right: string;
  /** ISO time. */
  readonly expiresAt: string;
}

/** A recording that a request to record has begun, or met. */
type Begun = Extract<StartOutcome, { recording: RecordingRecord }>;

/** Files that somebody may read. */
export interface OpenFiles {
  /** The recording's id. */
  readonly id: string;
  /** Whether only the latest segments, while it is being made. */
  readonly isLiveOnly: boolean;
}

export interface RecordingServiceParts {
  readonly store: MeetingStore;
  readonly feeds: MeetingFeeds;
  readonly limits: RateLimits;
  readonly rights: RecordingRights;
  readonly storage: RecordingStorage;
  /** Also the clock: milliseconds since the Unix epoch. */
  readonly stays: Pick<StayKeeper, 'settle' | 'nowMs'>;
  readonly settings: RecordingDefaults & {
    readonly days: number;
    readonly live: boolean;
    readonly quota: QuotaSettings;
  };
  readonly log: Log;
  /** See {@link RecordingRunsParts}. */
  readonly endMaxMs?: number;
}

/** The rules of recordings. Every method throws MeetingError, and StoreError if the database is away. */
export class RecordingService {
  /** Reads recordings, for those whom {@link openFiles} lets in. */
  readonly reader: RecordingReader;
  private readonly quota: RecordingQuota;
  private runs: RecordingRuns | null = null;
  /** Recordings that are deleted, but whose files are still there: storage is away, or the recorder has yet to end. */
  private readonly deleted = new Set<string>();

  constructor(private readonly parts: RecordingServiceParts) {
    this.reader = new RecordingReader(parts.storage, (id) => this.progressOf(id));
    const { settings, store, storage } = parts;
    this.quota = new RecordingQuota({ settings: settings.quota, store: store.recordings, storage });
    parts.feeds.events.on('seated', ({ id, ip }) => void this.startIfAlways(id, ip));
  }

  /** Gives the service its recorder, without which nothing is recorded, and takes up what was interrupted. */
  async useRecorder(recorder: Recorder): Promise<void> {
    const { store, feeds, stays: clock, log, endMaxMs } = this.parts;
    this.runs = new RecordingRuns({ store, feeds, recorder, clock, quota: this.quota, log, endMaxMs });
    await this.runs.takeUp();
  }

  /** Recordings under way in this process. */
  get underWay(): number {
    return this.runs?.measured().length ?? 0;
  }

  /**
   * Begins to record a meeting. One that is being recorded goes on, and its recording is returned.
   * @throws MeetingError `notFound`, `ended`, `forbidden`, `tokenExpired`, `tooManyRequests`, `unavailable` where there is no room
   */
  async start(input: RecordingInput, caller: Caller): Promise<RecordingView> {
    await this.requireMeeting(input, caller);
    const { recording, kind } = await this.begin(input.id, caller.ip);
    // A right to record opens only the recordings that its bearer has begun.
    const link = kind === 'started' ? this.newLink(recording.id, input) : this.ownLink(recording.id, input);
    return this.toView(recording, caller, link);
  }

  /**
   * Stops recording a meeting, and waits until the recording is finished. After ten seconds it is `stopped` still.
   * @throws MeetingError `notFound`, `forbidden`, `tokenExpired`, `tooManyRequests`
   */
  async stop(input: RecordingInput, caller: Caller): Promise<RecordingView> {
    await this.requireMeeting(input, caller);
    const state = await this.parts.store.findMeeting(input.id);
    const stopped = state?.recording ? await this.runs?.stop(state.recording.id) : null;
    if (!stopped) throw MeetingError.notRecorded();
    return this.toView(stopped, caller, this.ownLink(stopped.id, input));
  }

  /** The recordings of a meeting, the newest first. @throws MeetingError as {@link start} */
  async list(input: RecordingInput, caller: Caller): Promise<readonly RecordingView[]> {
    const hostTokenHash = await this.requireMeeting(input, caller);
    const found = await this.parts.store.recordings.ofHost(input.id, hostTokenHash);
    return found.map((record) => this.toView(record, caller, this.ownLink(record.id, input)));
  }

  /** A recording. @throws MeetingError `notFound`, `forbidden`, `tokenExpired`, `tooManyRequests` */
  async get(input: RecordingInput, caller: Caller): Promise<RecordingView> {
    const record = await this.requireRecording(input, ['watch', 'manage'], caller);
    const { hostToken, right = '' } = input;
    const isToWatch = hostToken === undefined && this.parts.rights.check('watch', record.id, right) === 'valid';
    // A link that is passed on gives no more than to watch.
    return this.toView(record, caller, isToWatch ? right : this.newLink(record.id, input));
  }

  /** Gives a right to a recording to be passed on, which lasts no longer than the one shown for it. @throws MeetingError as {@link get} */
  async share(input: ShareInput, caller: Caller): Promise<SharedRecording> {
    const { id } = await this.requireRecording(input, ['manage'], caller);
    const { to = 'watch', days = LINK_DAYS } = input;
    const { right, expiresAtMs } = this.parts.rights.grant(to, id, days, termsOf(input));
    return { right, replayUrl: replayUrl(right, caller), expiresAt: new Date(expiresAtMs).toISOString() };
  }

  /** Gives the right to record a meeting to be passed on. @throws MeetingError `notFound`, `forbidden`, `tooManyRequests` */
  async permit(input: PermitInput, caller: Caller): Promise<PermittedRecording> {
    const bound = await this.requireMeeting({ id: input.id, hostToken: input.hostToken }, caller);
    const { right, expiresAtMs } = this.parts.rights.grant('record', input.id, input.days ?? 1, { bound });
    return { right, expiresAt: new Date(expiresAtMs).toISOString() };
  }

  /**
   * Deletes a recording: from now on nobody finds it. Its files are gone within a minute, or once its storage can be reached.
   * @throws MeetingError as {@link get}
   */
  async delete(input: RecordingInput, caller: Caller): Promise<void> {
    await this.deleteFound(await this.requireRecording(input, ['manage'], caller));
  }

  /** The newest recordings of the site, for its operators, without links. @throws StoreError */
  async newest(most: number, caller: Caller): Promise<readonly RecordingView[]> {
    const found = await this.parts.store.recordings.newest(most);
    return found.map((record) => this.toView(record, caller, null));
  }

  /** Deletes a recording, for the site's operators. @throws MeetingError `notFound`; StoreError */
  async deleteAny(id: string): Promise<void> {
    const record = await this.parts.store.recordings.find(id);
    if (!record) throw MeetingError.noSuchRecording();
    await this.deleteFound(record);
  }

  private async deleteFound({ id, state }: RecordingRecord): Promise<void> {
    const { store, log } = this.parts;
    if (state === 'recording') await this.runs?.stop(id);
    await store.recordings.discard(id);
    this.deleted.add(id);
    log.info('a recording is deleted', { id });
    await this.deleteFiles(id);
  }

  /**
   * Says whether a person agrees to be recorded. Everybody hears of it.
   * @throws MeetingError `tokenInvalid`, `tokenExpired`, `replaced`, `ended`, `tooManyRequests`
   */
  async agree({ id, stayToken, agrees }: StayInput & { readonly agrees: boolean }, caller: Caller): Promise<void> {
    const { limits, store, feeds, stays } = this.parts;
    limits.admit('change', caller.ip);
    const key = { meetingId: id, tokenHash: hashSecret(stayToken) };
    await feeds.inTurn(id, async () => {
      const stay = requireLive(await store.changeStay(key, { agreesToRecording: agrees }, await stays.settle()));
      await feeds.announceChange(id, stay.personId);
    });
  }

  /** The meeting's running recording, for those who watch it as it is made. @throws MeetingError `notFound`, `forbidden`, `tooManyRequests` */
  async live({ id }: Pick<RecordingInput, 'id'>, caller: Caller): Promise<LiveRecording> {
    const { limits, store, rights, settings } = this.parts;
    limits.admit('call', caller.ip);
    const meeting = await limits.lookUp(caller.ip, async () => {
      const found = await store.findMeeting(id);
      if (!found) throw MeetingError.notFound();
      return found;
    });
    const { recording, title } = meeting;
    if (!settings.live) throw MeetingError.liveOff();
    if (!recording) throw MeetingError.notRecorded();
    const { right } = rights.grant('live', recording.id, LIVE_DAYS);
    return { ...toNotice(recording), title, filesUrl: filesUrl(right, caller) };
  }

  /** The recording whose files `right` opens, all of them or only those of the moment. @throws MeetingError `notFound`, `forbidden`, `tokenExpired` */
  openFiles(right: string): OpenFiles {
    const id = subjectOf(right);
    if (id === null) throw MeetingError.noSuchRecording();
    this.requireRight(right, ['live', 'watch', 'manage'], id);
    if (this.deleted.has(id)) throw MeetingError.noSuchRecording();
    const isLiveOnly = this.parts.rights.check('live', id, right) === 'valid';
    // Addresses that were given out before the operator turned it off open nothing either.
    if (isLiveOnly && !this.parts.settings.live) throw MeetingError.liveOff();
    return { id, isLiveOnly };
  }

  /**
   * What there is of a recording that is watched while it is made, and for a minute after.
   * @throws MeetingError `notFound`
   */
  async liveState(id: string): Promise<LiveState> {
    const { store, stays } = this.parts;
    const progress = this.progressOf(id);
    const record = progress ? null : await store.recordings.find(id);
    const serverMs = stays.nowMs();
    const startedAtMs = progress?.startedAtMs ?? record?.startedAtMs;
    const isOld = record !== null && serverMs - (record.stoppedAtMs ?? serverMs) > LIVE_AFTER_MS;
    if (startedAtMs === undefined || isOld) throw MeetingError.noSuchRecording();
    const rows = await this.reader.latest(id);
    const [oldest, newest] = [rows[0]?.number ?? null, rows.at(-1)?.number ?? null];
    const { delayMs = 0, viewers } = progress ?? {};
    return { serverMs, startedAtMs, oldest, newest, delayMs, share: viewers?.share ?? 0, isLive: progress !== null };
  }

  /** Counts a viewer of a recording while it is made, by an id of random hex digits. @throws MeetingError `tooManyRequests` */
  noteViewer(id: string, viewer: string, ip: string): void {
    this.parts.limits.admit('viewer', ip);
    this.progressOf(id)?.viewers.note(viewer, this.parts.stays.nowMs());
  }

  /** Everything that becomes due with time. @throws StoreError */
  async sweep(): Promise<void> {
    const { store, stays, settings } = this.parts;
    await this.runs?.sweep();
    await store.recordings.discardOlder(stays.nowMs() - settings.days * DAY_MS);
    for (const id of await store.recordings.discarded()) {
      this.deleted.add(id);
      await this.deleteFiles(id);
    }
  }

  /** Leaves what is under way to the next process. */
  close(): void {
    this.runs?.close();
  }

  private progressOf(id: string): RecordingProgress | null {
    return this.runs?.progressOf(id) ?? null;
  }

  /** Begins to record for somebody at `ip`; null where the operator wants it, which no address is held to. */
  private async begin(meetingId: string, ip: string | null): Promise<Begun> {
    const { runs } = this;
    const { feeds, settings } = this.parts;
    if (settings.mode === 'off' || !runs) throw MeetingError.recordingOff();
    return feeds.inTurn(meetingId, async () => {
      const state = await this.parts.store.findMeeting(meetingId);
      const running = state?.recording && (await this.parts.store.recordings.find(state.recording.id));
      if (running) return { kind: 'running', recording: running };
      await this.requireRoom(runs, meetingId);
      const release = ip === null ? () => {} : this.quota.takePlace(ip);
      try {
        const begun = await this.beginNow(meetingId);
        if (begun.kind === 'started') runs.begin(begun.recording, release);
        else release();
        return begun;
      } catch (error) {
        release();
        throw error;
      }
    });
  }

  private async beginNow(meetingId: string): Promise<Begun> {
    const { store, feeds, stays, log } = this.parts;
    const id = randomBytes(16).toString('hex');
    const outcome = await store.recordings.start({ id, meetingId, nowMs: stays.nowMs() });
    if (outcome.kind === 'notFound') throw MeetingError.notFound();
    if (outcome.kind === 'ended') throw MeetingError.ended();
    if (outcome.kind === 'started') {
      feeds.announceRecording(meetingId, eventOf(outcome.recording));
      log.info('a recording begins', { id });
    }
    return outcome;
  }

  private async requireRoom(runs: RecordingRuns, meetingId: string): Promise<void> {
    const hostTokenHash = await this.parts.store.hostOf(meetingId);
    if (hostTokenHash === null) throw MeetingError.notFound();
    const none = { durationMs: 0, sizeBytes: 0 };
    const limit = await this.quota.sharedLimit(
      { record: { id: '', meetingId, hostTokenHash }, progress: none },
      runs.measured(),
    );
    if (limit) throw MeetingError.recordingsFull();
  }

  private async startIfAlways(meetingId: string, ip: string): Promise<void> {
    const { store, settings, log } = this.parts;
    if (settings.mode === 'off' || !this.runs) return;
    try {
      const state = await store.findMeeting(meetingId);
      const isWanted = settings.mode === 'always' || state?.recordingStart === 'always';
      if (isWanted && state && !state.recording && state.endedAtMs === null)
        await this.begin(meetingId, settings.mode === 'always' ? null : ip);
    } catch (error) {
      log.error('a meeting that is always recorded is not', { error: String(error) });
    }
  }

  private async deleteFiles(id: string): Promise<void> {
    const { store, storage, log } = this.parts;
    this.reader.forget(id);
    // What a recorder appends later would belong to no recording: the next sweep tries again.
    if (this.progressOf(id)) return;
    try {
      await storage.remove(id);
      await store.recordings.forget(id);
      this.deleted.delete(id);
    } catch (error) {
      log.warn('files of a deleted recording are still there', { id, error: String(error) });
    }
  }

  /** The hash of the meeting's host token, if the caller may record it. */
  private async requireMeeting({ id, hostToken, right }: RecordingInput, caller: Caller): Promise<string> {
    const { limits, store } = this.parts;
    limits.admit('call', caller.ip);
    return limits.lookUp(caller.ip, async () => {
      const hostTokenHash = await store.hostOf(id);
      if (hostTokenHash === null) throw MeetingError.notFound();
      if (hostToken !== undefined) {
        if (hashSecret(hostToken) !== hostTokenHash) throw MeetingError.notHostOfRecording();
      } else this.requireRight(right ?? '', ['record'], id, hostTokenHash);
      return hostTokenHash;
    });
  }

  private async requireRecording(
    { id, hostToken, right }: RecordingInput,
    kinds: readonly RightKind[],
    caller: Caller,
  ): Promise<RecordingRecord> {
    const { limits, store } = this.parts;
    limits.admit('call', caller.ip);
    return limits.lookUp(caller.ip, async () => {
      const record = await store.recordings.find(id);
      if (!record) throw MeetingError.noSuchRecording();
      if (hostToken !== undefined) {
        if (hashSecret(hostToken) !== record.hostTokenHash) throw MeetingError.notHostOfRecording();
      } else this.requireRight(right ?? '', kinds, id);
      return record;
    });
  }

  private requireRight(right: string, kinds: readonly RightKind[], subject: string, bound?: string): void {
    const verdicts = kinds.map((kind) => this.parts.rights.check(kind, subject, right, bound));
    if (verdicts.includes('valid')) return;
    throw verdicts.includes('expired') ? MeetingError.recordingLinkExpired() : MeetingError.notHostOfRecording();
  }

  /** A right to watch a recording for its owner; null for others. */
  private ownLink(id: string, input: RecordingInput): string | null {
    return input.hostToken === undefined ? null : this.newLink(id, input);
  }

  private newLink(id: string, input: RecordingInput): string {
    return this.parts.rights.grant('watch', id, LINK_DAYS, termsOf(input)).right;
  }

  /** With links by `right`, if the caller may watch it. */
  private toView(record: RecordingRecord, caller: Caller, right: string | null): RecordingView {
    const { settings } = this.parts;
    const { id, meetingId, title, state, failure, reachedLimit: limit, stoppedAtMs, durationMs, sizeBytes } = record;
    const known = this.progressOf(id) ?? { durationMs, sizeBytes };
    return {
      ...toNotice(record),
      meetingId,
      title,
      state,
      failure,
      limit,
      durationS: known.durationMs / 1000,
      sizeBytes: known.sizeBytes,
      keptUntil: stoppedAtMs === null ? null : new Date(stoppedAtMs + settings.days * DAY_MS).toISOString(),
      replayUrl: right && replayUrl(right, caller),
      filesUrl: right && filesUrl(right, caller),
    };
  }
}

/** What a right is limited by that is given for `input`: the owner's by nothing. */
function termsOf({ hostToken, right }: RecordingInput): GrantTerms {
  return hostToken === undefined && right !== undefined ? { from: right } : {};
}

function filesUrl(right: GrantedRight['right'], { origin }: Caller): string {
  return `${origin}/b/${right}/`;
}

function replayUrl(right: GrantedRight['right'], { origin }: Caller): string {
  return `${origin}/r/${right}`;
}

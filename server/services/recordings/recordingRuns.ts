import type { Clock } from '@/lib/core/clock';
import type { Log } from '@/lib/core/log';
import type { MeetingEvent, RecordingEvent, SeatedPerson } from '@/lib/core/meeting';
import type { RecordingLimit } from '@/lib/core/recording';
import type { KeptSegment, Recorder, RecorderEvents } from '@/server/recorder/recorderContract';
import { MeetingError } from '@/server/services/meetings/meetingError';
import type { MeetingFeeds } from '@/server/services/meetings/meetingFeeds';
import { toNotice } from '@/server/services/meetings/meetingView';
import type { MeetingStore } from '@/server/store/meetingStore';
import type { RecordingEnd, RecordingRecord } from '@/server/store/recordingStore';
import type { Measured, RecordingQuota } from './recordingQuota';
import { ViewerCount } from './viewerCount';

/** How long a caller waits for the recorder to end a recording. */
const END_MAX_MS = 10_000;
/** A meeting in which nobody has had a seat for this long is recorded no longer. */
const EMPTY_MAX_MS = 120_000;
/** Kept segments that are remembered: those that viewers of a running recording ask for. */
export const RECENT_MAX = 120;
const SEGMENT_MS = 1000;
/** Segments whose delay is remembered, and the longest that counts: a storage that was away is no rule. */
const DELAYS_MAX = 30;
const DELAY_MAX_MS = 1000;

export interface RecordingRunsParts {
  readonly store: MeetingStore;
  readonly feeds: MeetingFeeds;
  readonly recorder: Recorder;
  /** Milliseconds since the Unix epoch. */
  readonly clock: Clock;
  readonly quota: RecordingQuota;
  readonly log: Log;
  readonly endMaxMs?: number;
}

/** What is known of a recording that is being made. */
export interface RecordingProgress {
  /** Unix ms at the recording's time 0. */
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly sizeBytes: number;
  /** How long after its second a segment was kept, the slowest of the last half minute, ms. */
  readonly delayMs: number;
  /** Those who watch it meanwhile. */
  readonly viewers: ViewerCount;
  /** The latest segments, oldest first. */
  readonly recent: readonly KeptSegment[];
}

/** A recording under way. */
class Run {
  /** Ends the present following of the meeting. */
  following = new AbortController();
  /** Whether the meeting is to be followed again. */
  isLost = false;
  /** Whether the recorder knows of it. */
  isOrdered = false;
  readonly recent: KeptSegment[] = [];
  readonly viewers = new ViewerCount();
  /** The viewers that everybody was last told of. */
  toldViewers = 0;
  /** How late the latest segments were, ms. */
  private readonly delaysMs: number[] = [];
  /** Called when it is over here. */
  onOver: () => void = () => {};
  /** The limit that it is being ended for. */
  limit: RecordingLimit | null = null;
  /** How it ended, if that could not be written yet. */
  end: RecordingEnd | null = null;
  private readonly seated = new Set<string>();
  private readonly waiting = new Set<() => void>();

  constructor(
    /** As it was last written. */
    public record: RecordingRecord,
    /** Since when nobody has had a seat; null while somebody has. */
    public emptySinceMs: number | null,
  ) {}

  /** Takes a segment that is kept at `nowMs`. */
  keep(segment: KeptSegment, nowMs: number): void {
    this.recent.push(segment);
    if (this.recent.length > RECENT_MAX) this.recent.shift();
    const dueMs = this.record.startedAtMs + (segment.number + 1) * SEGMENT_MS;
    this.delaysMs.push(Math.min(DELAY_MAX_MS, Math.max(0, nowMs - dueMs)));
    if (this.delaysMs.length > DELAYS_MAX) this.delaysMs.shift();
  }

  get delayMs(): number {
    return Math.ceil(Math.max(0, ...this.delaysMs));
  }

  get isOver(): boolean {
    return this.record.state === 'ready' || this.record.state === 'failed';
  }

  /** Notes who has a seat. */
  note(event: MeetingEvent, nowMs: number): void {
    if (event.type === 'snapshot') {
      this.seated.clear();
      for (const { id } of event.meeting.people) this.seated.add(id);
    }
    if (event.type === 'joined') this.seated.add(event.person.id);
    if (event.type === 'left') this.seated.delete(event.personId);
    this.emptySinceMs = this.seated.size > 0 ? null : (this.emptySinceMs ?? nowMs);
  }

  /** Resolves once it is over, or after `maxMs`. */
  async untilOver(maxMs: number): Promise<void> {
    if (this.isOver) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, maxMs);
      this.waiting.add(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  wake(): void {
    for (const wake of this.waiting) wake();
    this.waiting.clear();
  }
}

/**
 * The recordings under way in this process: tells the recorder what happens in their meetings, resumes what was interrupted,
 * and writes down how each one ends.
 */
export class RecordingRuns {
  private readonly runs = new Map<string, Run>();

  constructor(private readonly parts: RecordingRunsParts) {
    const { events } = parts.recorder;
    events.on('kept', ({ id, segment }) => this.onKept(id, segment));
    events.on('ended', (ended) => void this.onEnded(ended));
    events.on('restarted', () => {
      for (const run of this.runs.values()) this.resume(run);
    });
    parts.feeds.events.on('ended', ({ id }) => this.onMeetingEnded(id));
  }

  /** Begins to record; calls `onOver` when that is over here. */
  begin(record: RecordingRecord, onOver: () => void): void {
    const run = this.add(record);
    run.onOver = onOver;
    this.follow(run, false);
  }

  /** Takes up what an earlier process has left unfinished. @throws StoreError */
  async takeUp(): Promise<void> {
    for (const record of await this.parts.store.recordings.unfinished()) this.resume(this.add(record));
  }

  /**
   * Stops a recording, because of a limit if there is one, and waits for it to be finished, though not forever: then it is `stopped` still. Null if it is not
   * running. @throws StoreError
   */
  async stop(id: string, limit: RecordingLimit | null = null): Promise<RecordingRecord | null> {
    const stopped = await this.setStopped(id, limit);
    const run = this.runs.get(id);
    if (!stopped || !run) return stopped;
    run.record = stopped;
    if (run.isOrdered) this.parts.recorder.stop(id);
    await run.untilOver(this.parts.endMaxMs ?? END_MAX_MS);
    return run.record;
  }

  /** What is known of a recording under way here; null for any other. */
  progressOf(id: string): RecordingProgress | null {
    const run = this.runs.get(id);
    if (!run) return null;
    const last = run.recent.at(-1);
    const known = last ? { durationMs: (last.number + 1) * SEGMENT_MS, sizeBytes: last.atByte + last.sizeBytes } : null;
    const { startedAtMs } = run.record;
    const { delayMs, recent, viewers } = run;
    return { startedAtMs, ...(known ?? { durationMs: 0, sizeBytes: 0 }), delayMs, viewers, recent };
  }

  /** Stops recording meetings that have been empty, and does again what could not be done. @throws StoreError */
  async sweep(): Promise<void> {
    const nowMs = this.parts.clock.nowMs();
    for (const run of [...this.runs.values()]) {
      this.tellViewers(run, nowMs);
      if (run.end) await this.finish(run, run.end);
      else if (run.isLost) this.follow(run, false);
      const isEmpty = run.emptySinceMs !== null && nowMs - run.emptySinceMs >= EMPTY_MAX_MS;
      if (isEmpty && run.record.state === 'recording') await this.stop(run.record.id, run.limit);
    }
    await this.holdToLimits().catch((error: unknown) => {
      // The recorder finds out itself whether its storage comes back.
      this.parts.log.warn('the room for recordings is not known', { error: String(error) });
    });
  }

  private tellViewers(run: Run, nowMs: number): void {
    const count = run.viewers.count(nowMs);
    // Those who have come since are told as well.
    if (count > 0 || run.toldViewers > 0) this.parts.feeds.announceViewers(run.record.meetingId, count);
    run.toldViewers = count;
  }

  /** All recordings under way here, as their limits see them. */
  measured(): Measured[] {
    return [...this.runs.values()].map(({ record }) => ({ record, progress: this.progressOf(record.id)! }));
  }

  private async holdToLimits(): Promise<void> {
    for (const each of this.measured()) {
      const limit = await this.parts.quota.sharedLimit(each, this.measured());
      if (limit) this.endFor(limit, each.record.id);
    }
  }

  private endFor(limit: RecordingLimit, id: string): void {
    const run = this.runs.get(id);
    if (!run || run.limit || run.record.state !== 'recording') return;
    run.limit = limit;
    this.parts.log.warn('a recording has reached a limit', { id, limit });
    this.stopSoon(id);
  }

  /** Follows no meeting from now on. What is under way stays unfinished, for the next process. */
  close(): void {
    for (const { following } of this.runs.values()) following.abort();
    this.runs.clear();
  }

  private add(record: RecordingRecord): Run {
    const run = new Run(record, this.parts.clock.nowMs());
    this.runs.set(record.id, run);
    return run;
  }

  private resume(run: Run): void {
    run.isOrdered = false;
    this.follow(run, true);
  }

  private follow(run: Run, resumes: boolean): void {
    run.following.abort();
    run.following = new AbortController();
    run.isLost = false;
    const { signal } = run.following;
    this.followOnce(run, resumes, signal).catch((error: unknown) => {
      if (signal.aborted) return;
      const isOver = error instanceof MeetingError && (error.reason === 'ended' || error.reason === 'notFound');
      if (isOver) this.endWithoutMeeting(run, resumes);
      // The database is away, say: the recording goes on, and the meeting is followed again with the next sweep.
      else run.isLost = true;
    });
  }

  private async followOnce(run: Run, resumes: boolean, signal: AbortSignal): Promise<void> {
    const { feeds, recorder, clock } = this.parts;
    const { id, meetingId } = run.record;
    const follower = await feeds.follow(meetingId, null);
    try {
      for await (const event of feeds.read(meetingId, follower, signal)) {
        run.note(event, clock.nowMs());
        if (run.isOrdered) recorder.follow(id, event);
        else if (event.type === 'snapshot') this.order(run, event.meeting.people, resumes);
      }
    } finally {
      feeds.unfollow(meetingId, follower);
    }
  }

  private order(run: Run, people: readonly SeatedPerson[], resumes: boolean): void {
    const { recorder } = this.parts;
    const { id, meetingId, title, consent, startedAtMs, state } = run.record;
    recorder.start({ id, meetingId, title, consent, startedAtMs, people, resumes });
    run.isOrdered = true;
    // It was stopped before the recorder could be told.
    if (state !== 'recording') recorder.stop(id);
  }

  private endWithoutMeeting(run: Run, resumes: boolean): void {
    if (!run.isOrdered) this.order(run, [], resumes);
    this.stopSoon(run.record.id);
  }

  private onMeetingEnded(meetingId: string): void {
    for (const { record } of this.runs.values()) if (record.meetingId === meetingId) this.stopSoon(record.id);
  }

  /** Stops a recording that nobody waits for; one that can't be stopped now is tried again as an empty meeting's. */
  private stopSoon(id: string): void {
    const run = this.runs.get(id);
    if (run) run.emptySinceMs = Number.NEGATIVE_INFINITY;
    this.stop(id, run?.limit).catch((error: unknown) =>
      this.parts.log.warn('a recording could not be stopped yet', { id, error: String(error) }),
    );
  }

  private onKept(id: string, segment: KeptSegment): void {
    const run = this.runs.get(id);
    if (!run) return;
    run.keep(segment, this.parts.clock.nowMs());
    const limit = this.parts.quota.ownLimit(this.progressOf(id)!);
    if (limit) this.endFor(limit, id);
  }

  private async onEnded({ id, durationMs, sizeBytes, failure }: RecorderEvents['ended']): Promise<void> {
    const run = this.runs.get(id);
    if (!run) return;
    run.following.abort();
    const isNothing = sizeBytes === 0 && failure === null;
    const end = { durationMs, sizeBytes, failure: isNothing ? ('interrupted' as const) : failure };
    await this.finish(run, { ...end, nowMs: this.parts.clock.nowMs() });
  }

  private async finish(run: Run, end: RecordingEnd): Promise<void> {
    const { store, feeds, log } = this.parts;
    const { id, meetingId } = run.record;
    try {
      const record = await feeds.inTurn(meetingId, async () => {
        const finished = await store.recordings.finish(id, end);
        if (finished) feeds.announceRecording(meetingId, eventOf(finished));
        return finished;
      });
      if (record) run.record = record;
      this.runs.delete(id);
      run.onOver();
      if (run.toldViewers > 0) feeds.announceViewers(meetingId, 0);
      log.info('a recording ended', { id, durationMs: end.durationMs, sizeBytes: end.sizeBytes, failure: end.failure });
      run.wake();
    } catch (error) {
      run.end = end;
      log.warn('the end of a recording could not be saved yet', { id, error: String(error) });
    }
  }

  private async setStopped(id: string, limit: RecordingLimit | null): Promise<RecordingRecord | null> {
    const { store, feeds, clock } = this.parts;
    const meetingId = (this.runs.get(id)?.record ?? (await store.recordings.find(id)))?.meetingId;
    if (meetingId === undefined) return null;
    return feeds.inTurn(meetingId, async () => {
      const stopped = await store.recordings.stop(id, clock.nowMs(), limit);
      if (stopped) feeds.announceRecording(meetingId, eventOf(stopped));
      return stopped;
    });
  }
}

/** What everybody in the meeting hears of a recording in this state. */
export function eventOf(record: RecordingRecord): RecordingEvent {
  const { state, failure, reachedLimit } = record;
  const told = { type: 'recording', recording: toNotice(record) } as const;
  if (state === 'failed') return { ...told, change: 'failed', failure: failure ?? 'recorder' };
  if (state === 'recording') return { ...told, change: 'started' };
  return { ...told, change: state, ...(reachedLimit && { limit: reachedLimit }) };
}

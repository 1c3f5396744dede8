import { type Scheduler, systemScheduler } from '@/lib/core/clock';
import type { Participant } from '@/lib/core/meeting';
import { Scope } from '@/lib/core/scope';
import { SnapshotStore } from '@/lib/core/snapshotStore';
import { POSE_CODEC, type PoseCodec } from '@/lib/meeting/poseExchange';
import { PoseReceiver } from '@/lib/meeting/receiver';
import type { PlayoutState } from '@/lib/playout/playout';
import type { Pose } from '@/lib/pose/pose';
import type { RecordedState } from '@/lib/recording/events';
import { SEGMENT_MS } from '@/lib/recording/format';
import { EMPTY_STATE, stateAfterRecords } from '@/lib/recording/recordedState';
import { startMsOf } from '@/lib/recording/recordingIndex';
import { keyframeRow, planSeek } from '@/lib/recording/seekPlan';
import type { ScreenRecord, SegmentRecord } from '@/lib/recording/segmentReader';
import type { OpenRecording } from './openRecording';
import { RecordCursor } from './recordCursor';
import { ReplayClock } from './replayClock';
import { asReplayError, type ReplayErrorReason } from './replayError';
import { ReplayTransport } from './replayTransport';
import { SegmentLoader } from './segmentLoader';

/** The speeds of a replay. */
export const RATES = [0.5, 0.75, 1, 1.25, 1.5, 2] as const;

/** What a replay shows, besides what moves; a new object for each change. */
export interface ReplayState {
  /** Whether it plays, as far as there is something to show. */
  readonly isPlaying: boolean;
  /** Whether it waits for bytes. */
  readonly isWaiting: boolean;
  /** Why bytes do not come; they are asked for again. Null while they do. */
  readonly trouble: ReplayErrorReason | null;
  /** Whether the end is shown. */
  readonly hasEnded: boolean;
  readonly rate: number;
  /** The meeting as it was at the shown moment. */
  readonly meeting: RecordedState;
  /** Who has a seat; the same array until one of them changes. */
  readonly people: readonly Participant[];
}

/** Hears voices of the recording some time ahead. */
export interface ReplayVoiceSink {
  /** Everything that was handed over is void; what follows is heard from `fromMs` of the recording's time on. */
  restart(fromMs: number): void;
  /** A voice or a clock, in the order of time. */
  take(record: SegmentRecord): void;
}

/** Shows the shared screens of the recording. */
export interface ReplayScreenSink {
  /** What was handed over is void: what follows begins at another moment, with a keyframe of the screen that is shown there. */
  restart(): void;
  /** A fragment, in the order of time. */
  take(record: ScreenRecord): void;
}

export interface ReplayParts {
  readonly recording: OpenRecording;
  readonly scheduler?: Scheduler;
  readonly codec?: Pick<PoseCodec, 'createDecoder'>;
}

/** Segments that are read ahead at normal speed, and the fewest before more are asked for. */
const AHEAD = 10;
const AHEAD_LEAST = 5;
/** How often records are handed over when no frame is drawn, ms. */
const TICK_MS = 25;
/** How far ahead voices are handed over, ms of listening. */
const VOICES_AHEAD_MS = 500;
/** Voices are handed over from so long before the moment on: those that were late have come by then, and Opus has settled. */
const VOICES_LEAD_MS = 1500;
/** How far back the keyframe of a shared screen is looked for: recorders ask for one every ten seconds. */
const SCREEN_REACH_MS = 15_000;
/** Bytes that did not come are asked for again after this. */
const RETRY_MS = 2000;

/** The people of a state who have a seat, as the scene shows them. */
function seatedOf({ people }: RecordedState): Participant[] {
  return people
    .flatMap(({ person, name, avatar, seat }) => (seat === null ? [] : [{ id: person, name, avatar, seat }]))
    .sort((a, b) => a.seat - b.seat);
}

const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

/**
 * Replays a recording: reads ahead, hands each record over at its time, and leaps. What it gives, a transport's events, goes to the
 * receiver of the live meeting, which the scene samples as `feed`. Nothing is shown before the first {@link seek}.
 */
export class Replay {
  readonly transport = new ReplayTransport();
  readonly clock: ReplayClock;
  readonly store: SnapshotStore<ReplayState>;
  /** Beginning of the recording's time, ms. */
  readonly fromMs: number;
  private readonly scheduler: Scheduler;
  private readonly isOver: () => boolean;
  private readonly loader: SegmentLoader;
  private readonly cursor: RecordCursor;
  private readonly voiceCursor: RecordCursor;
  private readonly receiver: PoseReceiver;
  private readonly scope = new Scope();
  private voices: ReplayVoiceSink | null = null;
  private screens: ReplayScreenSink | null = null;
  private meeting: RecordedState = EMPTY_STATE;
  private seeks = 0;
  private isLeaping = true;
  private isAsking = false;
  private frameMs = Number.NaN;
  private stopTicking: (() => void) | null = null;

  constructor({ recording, scheduler = systemScheduler, codec = POSE_CODEC }: ReplayParts) {
    const { rows } = recording;
    this.scheduler = scheduler;
    this.fromMs = startMsOf(rows[0]!);
    this.isOver = recording.isOver ?? (() => true);
    this.clock = new ReplayClock(scheduler);
    this.loader = new SegmentLoader(recording.source, rows);
    this.cursor = new RecordCursor(this.loader);
    this.voiceCursor = new RecordCursor(this.loader);
    this.receiver = new PoseReceiver({
      transport: this.transport,
      createDecoder: codec.createDecoder,
      clock: this.clock,
    });
    const { rate } = this.clock;
    const idle = { isPlaying: false, isWaiting: true, trouble: null, hasEnded: false };
    this.store = new SnapshotStore<ReplayState>({ ...idle, rate, meeting: EMPTY_STATE, people: [] });
    this.scope.add(
      () => this.receiver.close(),
      () => this.stopTicking?.(),
    );
    void this.transport.connect();
  }

  /** End of the recording's time so far, ms. */
  get toMs(): number {
    return startMsOf(this.loader.rows.at(-1)!) + SEGMENT_MS;
  }

  /** The recording's time that is shown, ms. */
  get positionMs(): number {
    return this.clock.positionMs;
  }

  /** Segments that were found to be damaged so far. */
  get damaged(): number {
    return this.loader.damaged;
  }

  /** Writes the pose of `personId` at the shown moment into `out`. `frameMs` is the time of the scene's frame, of whatever clock. */
  sample(personId: string, frameMs: number, out: Pose): PlayoutState {
    if (frameMs !== this.frameMs) this.advance();
    this.frameMs = frameMs;
    return this.receiver.sample(personId, this.clock.nowMs(), out);
  }

  /** How far behind the quickest of their packets a person is drawn, ms: their voice waits as long. */
  delayMsOf(personId: string): number {
    return this.receiver.statsOf(personId)?.delayMs ?? 0;
  }

  /** Gives the voices to `sink`, from the shown moment on; null ends it. */
  hear(sink: ReplayVoiceSink | null): void {
    this.voices = sink;
    this.restartVoices();
  }

  /** Gives the shared screens to `sink`, from the next leap on at the latest; null ends it. */
  watch(sink: ReplayScreenSink | null): void {
    this.screens = sink;
    if (sink && !this.isLeaping) void this.seek(this.positionMs);
  }

  play(): void {
    if (this.store.getSnapshot().hasEnded) void this.seek(this.fromMs);
    this.clock.start();
    this.store.change({ isPlaying: true, hasEnded: false });
    this.restartVoices();
    this.tick();
  }

  pause(): void {
    this.clock.stop();
    this.store.change({ isPlaying: false });
    this.restartVoices();
  }

  setRate(rate: number): void {
    this.clock.setRate(rate);
    this.store.change({ rate });
    this.restartVoices();
  }

  /**
   * Goes to `toMs` of the recording's time, or to the beginning or the end. Resolves once it is shown; a later call takes the place of
   * one that has not. Bytes that do not come are asked for again.
   */
  async seek(toMs: number): Promise<void> {
    this.seeks += 1;
    const mine = this.seeks;
    const atMs = Math.max(this.fromMs, Math.min(toMs, this.toMs - 1));
    const plan = planSeek(this.loader.rows, atMs)!;
    const first = this.loader.rows.indexOf(plan.rows[0]!);
    const last = first + plan.rows.length - 1;
    this.isLeaping = true;
    this.isAsking = false;
    this.clock.leap(atMs);
    this.voices?.restart(atMs);
    this.store.change({ isWaiting: true, hasEnded: false });
    while (!(await this.load(first, last))) {
      await new Promise<void>((resolve) => this.scheduler.schedule(resolve, RETRY_MS));
      if (mine !== this.seeks || this.scope.isClosed) return;
    }
    if (mine !== this.seeks || this.scope.isClosed) return;
    const screenFrom = await this.loadScreen(first, atMs);
    if (mine !== this.seeks || this.scope.isClosed) return;
    this.show(first, screenFrom, atMs);
  }

  /** Hands over what has become due. The scene's frames call it; without them, a timer does. */
  readonly advance = (): void => {
    if (this.isLeaping || this.scope.isClosed) return;
    const { positionMs } = this.clock;
    this.cursor.walk(positionMs, this.take);
    if (this.clock.runs) this.hearAhead(positionMs);
    this.readAhead();
    this.judge(positionMs);
  };

  close(): void {
    this.seeks += 1;
    this.scope.close();
    void this.transport.disconnect();
  }

  /**
   * Loads the segments that a shared screen needs before place `first`. Returns the place of its last keyframe before `atMs`, or
   * `first` if no screen is shared, there is none near, or it does not come.
   */
  private async loadScreen(first: number, atMs: number): Promise<number> {
    const tracks = this.screens ? this.stateAt(first, atMs).people.flatMap(({ screen }) => screen ?? []) : [];
    if (tracks.length === 0) return first;
    const { rows } = this.loader;
    const row = keyframeRow(rows, Math.max(...tracks), atMs, SCREEN_REACH_MS);
    const place = row ? rows.indexOf(row) : first;
    if (place >= first) return first;
    return (await this.load(place, first - 1)) ? place : first;
  }

  /** Shows the moment `atMs`, whose segments are loaded from place `first` on, and from `screenFrom` on for a shared screen. */
  private show(first: number, screenFrom: number, atMs: number): void {
    this.transport.restart();
    this.meeting = this.stateAt(first, atMs);
    this.publish();
    this.screens?.restart();
    this.cursor.moveTo(screenFrom);
    this.cursor.walk(startMsOf(this.loader.rows[first]!) - 1, this.takeScreen);
    this.cursor.moveTo(first);
    this.cursor.walk(atMs, this.take);
    this.isLeaping = false;
    this.restartVoices();
    this.readAhead();
    this.store.change({ isWaiting: false });
  }

  /** The state after all records from place `first` up to `atMs`. */
  private stateAt(first: number, atMs: number): RecordedState {
    const probe = new RecordCursor(this.loader);
    const told: SegmentRecord[] = [];
    probe.moveTo(first);
    probe.walk(atMs, (record) => {
      if (record.type === 'state' || record.type === 'event') told.push(record);
    });
    return stateAfterRecords(EMPTY_STATE, told);
  }

  private readonly take = (record: SegmentRecord): void => {
    if (record.type === 'event' || record.type === 'state') this.follow(record);
    else if (record.type === 'screen') this.screens?.take(record);
    this.clock.hold(record.timeMs);
    this.transport.take(record);
    this.clock.release();
  };

  private readonly takeScreen = (record: SegmentRecord): void => {
    if (record.type === 'screen') this.screens?.take(record);
  };

  private readonly takeVoice = (record: SegmentRecord): void => this.voices?.take(record);

  private follow(record: SegmentRecord): void {
    // While a moment is looked for, the state at its end is known already.
    if (this.isLeaping) return;
    const meeting = stateAfterRecords(this.meeting, [record]);
    if (meeting === this.meeting || (record.type === 'state' && isSame(meeting, this.meeting))) return;
    this.meeting = meeting;
    this.publish();
  }

  private publish(): void {
    const { meeting } = this;
    const seated = seatedOf(meeting);
    const known = this.store.getSnapshot().people;
    const people = isSame(seated, known) ? known : seated;
    this.receiver.setSeated(people.map(({ id }) => id));
    this.store.change({ meeting, people });
  }

  private restartVoices(): void {
    if (!this.voices || this.isLeaping) return;
    const { positionMs } = this.clock;
    const fromMs = positionMs - VOICES_LEAD_MS;
    const { rows } = this.loader;
    const place = rows.findIndex((row) => startMsOf(row) + SEGMENT_MS > fromMs);
    this.voices.restart(positionMs);
    this.voiceCursor.moveTo(place < 0 ? rows.length : place);
    if (this.clock.runs) this.hearAhead(positionMs);
  }

  private hearAhead(positionMs: number): void {
    if (this.voices) this.voiceCursor.walk(positionMs + VOICES_AHEAD_MS * this.clock.rate, this.takeVoice);
  }

  /** Sets how far there is something to show, and asks for more. */
  private readAhead(): void {
    const { rows } = this.loader;
    const { positionMs, rate } = this.clock;
    const next = this.cursor.row;
    let end = next;
    let shownMs = positionMs;
    for (; end < rows.length && this.loader.recordsAt(end); end += 1) {
      // Behind a gap between two takes it goes on by a leap.
      if (startMsOf(rows[end]!) <= shownMs) shownMs = startMsOf(rows[end]!) + SEGMENT_MS;
    }
    this.clock.setLimit(shownMs);
    const share = Math.max(1, rate);
    const isEnough = end - next >= Math.min(AHEAD_LEAST * share, rows.length - next);
    if (!isEnough && !this.isAsking) void this.askFor(next, next + Math.ceil(AHEAD * share));
  }

  private async askFor(first: number, last: number): Promise<void> {
    this.isAsking = true;
    const { seeks } = this;
    const hasCome = await this.load(first, last);
    const again = () => {
      if (seeks !== this.seeks || this.scope.isClosed) return;
      this.isAsking = false;
      this.advance();
    };
    if (hasCome) again();
    else this.scheduler.schedule(again, RETRY_MS);
  }

  private async load(first: number, last: number): Promise<boolean> {
    try {
      await this.loader.load(first, last);
      this.store.change({ trouble: null });
      return true;
    } catch (error) {
      this.store.change({ trouble: asReplayError(error).reason });
      return false;
    }
  }

  /** Notes whether it waits or is over, and goes on behind a gap between two takes. */
  private judge(positionMs: number): void {
    if (positionMs >= this.toMs - 1) {
      if (this.isOver()) this.finish();
      else this.store.change({ isWaiting: true });
      return;
    }
    const next = this.loader.rows[this.cursor.row]!;
    if (this.clock.runs && startMsOf(next) > positionMs) {
      void this.seek(startMsOf(next));
      return;
    }
    const isWaiting = startMsOf(next) <= positionMs && !this.loader.recordsAt(this.cursor.row);
    if (isWaiting !== this.store.getSnapshot().isWaiting) this.store.change({ isWaiting });
  }

  private finish(): void {
    if (this.store.getSnapshot().hasEnded) return;
    this.clock.stop();
    this.voices?.restart(this.toMs);
    this.store.change({ isPlaying: false, hasEnded: true, isWaiting: false });
  }

  private tick(): void {
    this.stopTicking?.();
    this.stopTicking = null;
    if (!this.store.getSnapshot().isPlaying || this.scope.isClosed) return;
    this.advance();
    this.stopTicking = this.scheduler.schedule(() => this.tick(), TICK_MS);
  }
}

import { type Scheduler, systemScheduler } from '@/lib/core/clock';
import { LIVE_BEACON_MS, type LiveState } from '@/lib/core/recording';
import { SnapshotStore } from '@/lib/core/snapshotStore';
import type { ByteSource } from '@/lib/recording/byteSource';
import { POSE_LEAD_MS, SEGMENT_MS } from '@/lib/recording/format';
import { RecordingError } from '@/lib/recording/recordingError';
import { type IndexRow, indexRowOf } from '@/lib/recording/recordingIndex';
import { openSegment } from '@/lib/recording/segmentReader';
import { type FetchBytes, fetchAll } from '../byteSources';
import { asReplayError, ReplayError, type ReplayErrorReason } from '../replayError';
import { LiveSchedule, lookPauseMs } from './liveSchedule';

/** Segments before the newest that are read at first: back to a state and a keyframe of every pose. */
const LEAD = Math.ceil(POSE_LEAD_MS / SEGMENT_MS) + 4;
/** Numbers of eight hex digits. */
const HEX_8 = 16 ** 8;
/** Segments whose bytes are kept. */
const KEPT_MAX = 64;
/** Pause after a failure, and its share that differs from viewer to viewer, ms. */
const RETRY_MS = 1000;
const SPREAD_MS = 400;

/** How following is going. */
export interface LiveFeedState {
  /** Whether no more will come. */
  readonly isOver: boolean;
  /** Why nothing comes; it is asked for again. Null while it does. */
  readonly trouble: ReplayErrorReason | null;
}

export interface LiveFeedParts {
  /** Begins the addresses of `live.json` and the segments; ends with a slash. */
  readonly filesUrl: string;
  readonly scheduler?: Scheduler;
  readonly fetchBytes?: FetchBytes;
  readonly random?: () => number;
}

/** The address of a segment. */
function segmentUrl(filesUrl: string, number: number): string {
  return `${filesUrl}${String(number).padStart(6, '0')}.bin`;
}

/**
 * A recording that is watched while it is made: asks for each segment once it is there, and holds the latest. An open recording whose
 * rows grow.
 */
export class LiveFeed {
  readonly rows: IndexRow[] = [];
  readonly store = new SnapshotStore<LiveFeedState>({ isOver: false, trouble: null });
  readonly schedule: LiveSchedule;
  readonly source: ByteSource;
  private readonly kept = new Map<number, Uint8Array>();
  private readonly scheduler: Scheduler;
  private readonly fetchBytes: FetchBytes;
  private readonly random: () => number;
  private readonly timers = new Map<string, () => void>();
  /** A random place from 0 to below 1, and the id that begins with it. */
  private readonly place: number;
  private readonly viewer: string;
  private share = 0;
  private isClosed = false;
  private looks = 0;
  private next = 0;

  private constructor(private readonly parts: LiveFeedParts) {
    this.random = parts.random ?? Math.random;
    const [first, second] = [this.random() * HEX_8, this.random() * HEX_8].map(Math.floor);
    this.place = first! / HEX_8;
    this.viewer = [first!, second!].map((part) => part.toString(16).padStart(8, '0')).join('');
    this.scheduler = parts.scheduler ?? systemScheduler;
    this.fetchBytes = parts.fetchBytes ?? ((url, init) => fetch(url, init));
    this.schedule = new LiveSchedule(this.random);
    const sizeBytes = () => this.endByte;
    this.source = {
      get sizeBytes() {
        return sizeBytes();
      },
      read: async (atByte, count) => this.read(atByte, count),
    };
  }

  /** Tells the server that somebody is here, as long as it wants to know that of this viewer. */
  private planBeacon(): void {
    this.later('beacon', () => this.sendBeacon(), LIVE_BEACON_MS * (0.9 + this.random() / 5));
  }

  private async sendBeacon(): Promise<void> {
    if (this.place < this.share) {
      await this.fetchBytes(`${this.parts.filesUrl}here/${this.viewer}`).catch(() => {});
    }
    this.planBeacon();
  }

  /** Opens what there is, and follows it. @throws ReplayError `empty` where nothing is there yet; others as of a recording */
  static async open(parts: LiveFeedParts): Promise<LiveFeed> {
    const feed = new LiveFeed(parts);
    try {
      const { oldest, newest } = await feed.look();
      if (oldest === null || newest === null) throw ReplayError.empty();
      feed.next = Math.max(oldest, newest - LEAD);
      const wanted = Array.from({ length: newest - feed.next + 1 }, (_, k) => feed.next + k);
      const found = await Promise.all(wanted.map((number) => feed.fetchSegment(number)));
      for (const bytes of found) if (bytes) feed.add(bytes);
      if (feed.rows.length === 0) throw ReplayError.empty();
      feed.next = newest + 1;
    } catch (error) {
      throw asReplayError(error);
    }
    feed.planLook();
    feed.planNext();
    void feed.sendBeacon();
    return feed;
  }

  /** Whether no more rows will follow. */
  readonly isOver = (): boolean => this.store.getSnapshot().isOver;

  /** The recording's time now, ms. */
  get liveMs(): number {
    return this.schedule.liveMs(this.scheduler.nowMs());
  }

  close(): void {
    this.isClosed = true;
    for (const cancel of this.timers.values()) cancel();
    this.timers.clear();
  }

  private get endByte(): number {
    const last = this.rows.at(-1);
    return last ? last.atByte + last.sizeBytes : 0;
  }

  private read(atByte: number, count: number): Uint8Array {
    const out = new Uint8Array(Math.max(0, Math.min(count, this.endByte - atByte)));
    for (const [at, bytes] of this.kept) {
      const from = Math.max(0, atByte - at);
      const to = Math.min(bytes.length, atByte + out.length - at);
      if (from < to) out.set(bytes.subarray(from, to), at + from - atByte);
    }
    return out;
  }

  private add(bytes: Uint8Array): void {
    const atByte = this.endByte;
    try {
      const row = indexRowOf(openSegment(bytes), atByte);
      if (row.number <= (this.rows.at(-1)?.number ?? -1)) return;
      this.rows.push(row);
    } catch (error) {
      // A damaged second is left out.
      if (error instanceof RecordingError) return;
      throw error;
    }
    this.kept.set(atByte, bytes);
    const [oldest] = this.kept.keys();
    if (this.kept.size > KEPT_MAX && oldest !== undefined) this.kept.delete(oldest);
  }

  private async look(): Promise<LiveState> {
    const bytes = await fetchAll(this.fetchBytes, `${this.parts.filesUrl}live.json`);
    const state = JSON.parse(new TextDecoder().decode(bytes)) as LiveState;
    this.schedule.note(state, this.scheduler.nowMs());
    this.share = state.share;
    return state;
  }

  /** The bytes of a segment; null if it is not there. @throws ReplayError */
  private async fetchSegment(number: number): Promise<Uint8Array | null> {
    try {
      return await fetchAll(this.fetchBytes, segmentUrl(this.parts.filesUrl, number));
    } catch (error) {
      if (error instanceof ReplayError && error.reason === 'notFound') return null;
      throw error;
    }
  }

  private later(what: 'look' | 'segment' | 'beacon', task: () => Promise<void>, delayMs: number): void {
    if (!this.isClosed)
      this.timers.set(
        what,
        this.scheduler.schedule(() => void task(), Math.max(0, delayMs)),
      );
  }

  private planLook(): void {
    const waitMs = lookPauseMs(this.looks);
    this.looks += 1;
    this.later(
      'look',
      async () => {
        await this.look().catch(() => {});
        if (!this.isOver()) this.planLook();
      },
      waitMs,
    );
  }

  private planNext(): void {
    // After a long sleep what was missed is past.
    this.next = Math.max(this.next, Math.floor(this.liveMs / SEGMENT_MS) - LEAD);
    const waitMs = this.schedule.askAtMs(this.next) - this.scheduler.nowMs();
    this.later('segment', () => this.trying(() => this.takeNext(true)), waitMs);
  }

  private async trying(task: () => Promise<void>): Promise<void> {
    try {
      await task();
      this.store.change({ trouble: null });
    } catch (error) {
      const { reason } = asReplayError(error);
      // The address is of a day or two: who watches for longer needs another.
      if (reason === 'expired') return this.end();
      this.store.change({ trouble: reason });
      this.later('segment', () => this.trying(task), this.spread(RETRY_MS));
    }
  }

  /** Asks for the next segment, a second time if `mayAgain`. */
  private async takeNext(mayAgain: boolean): Promise<void> {
    const bytes = await this.fetchSegment(this.next);
    if (!bytes) return this.onMissing(mayAgain);
    this.add(bytes);
    this.next += 1;
    this.planNext();
  }

  /**
   * The next segment is not there. Many viewers may find that at once, so that what there is is asked of the cache: not for the segment
   * again before it is said to be there.
   */
  private async onMissing(mayAgain: boolean): Promise<void> {
    const state = await this.look().catch((error: unknown) => {
      // What is over is forgotten after a while.
      if (error instanceof ReplayError && error.reason === 'notFound') return null;
      throw error;
    });
    const isThere = (state?.newest ?? -1) >= this.next;
    if (!state || (!isThere && !state.isLive)) return this.end();
    if (!isThere) return this.later('segment', () => this.trying(() => this.onMissing(true)), this.spread(RETRY_MS));
    if (mayAgain) return this.later('segment', () => this.trying(() => this.takeNext(false)), this.spread(0));
    // The recorder has left it out: nothing was written in that second.
    this.next += 1;
    this.planNext();
  }

  private end(): void {
    this.close();
    this.store.change({ isOver: true, trouble: null });
  }

  private spread(leastMs: number): number {
    return leastMs + this.random() * SPREAD_MS;
  }
}

import type { Worker } from 'node:worker_threads';
import type { Clock } from '@/lib/core/clock';
import type { Log } from '@/lib/core/log';
import type { MeetingEvent } from '@/lib/core/meeting';
import type { ConferenceTap } from '@/server/hub/conferenceTaps';
import { openThread } from '@/server/modules';
import type { RecordingsPlace } from '@/server/store/recordings/recordingFiles';
import type { RecorderEvents, RecordingOrder } from './recorderContract';
import type { FromRecorder, ToRecorder } from './recorderMessages';
import { TapChunks } from './tapChunk';

/** How often what was heard is handed over, at least. */
const FLUSH_MS = 100;
const SECOND_MS = 1000;
/** Rule R-37 of the recording: a viewer who seeks waits no longer for a shared screen. */
const KEY_FRAME_EVERY_MS = 9000;
/** How long the last segments may take when the process ends. */
const CLOSE_MAX_MS = 800;
/** Pause before a thread that has died is replaced. */
const RESTART_MS = 500;

/** What the recorder needs of the place where conferences are heard: the hub, or spectators in those of a Jitsi. */
export interface TappedConferences {
  tap(room: string, tap: ConferenceTap | null): void;
  askForKeyFrames(room: string): void;
}

/** What becomes of recordings, as plain data. */
export type RecorderNews = {
  [Kind in keyof RecorderEvents]: { readonly kind: Kind } & RecorderEvents[Kind];
}[keyof RecorderEvents];

export interface TapRecorderParts {
  readonly conferences: TappedConferences;
  readonly place: RecordingsPlace;
  /** The clock by which taps are called. */
  readonly clock: Clock;
  /** Milliseconds since the Unix epoch. */
  readonly wall: Clock;
  readonly log: Log;
  readonly onNews: (news: RecorderNews) => void;
  readonly open?: typeof openRecorder;
}

interface Tapped {
  readonly room: string;
  /** The recording's time 0, on the clock of the taps. */
  readonly zeroMs: number;
  readonly chunks: TapChunks;
}

/** Starts the thread that writes recordings. */
export function openRecorder(place: RecordingsPlace): Worker {
  return openThread(new URL('./recorder.worker.ts', import.meta.url), { workerData: place });
}

/**
 * Records conferences that are tapped in this process. Here packets are only copied; a thread of its own, started with the first
 * recording, does the rest. A thread that dies is replaced, and its recordings are to be ordered again.
 */
export class TapRecorder {
  private readonly tapped = new Map<string, Tapped>();
  private thread: Worker | null = null;
  private flushing: NodeJS.Timeout | null = null;
  private askedAtMs = Number.NEGATIVE_INFINITY;
  private onClosed: (() => void) | null = null;

  constructor(private readonly parts: TapRecorderParts) {}

  start(order: RecordingOrder): void {
    const { conferences, clock, wall } = this.parts;
    const { id, meetingId: room } = order;
    if (this.tapped.has(id)) return;
    const nowMs = clock.nowMs();
    const zeroMs = nowMs - (wall.nowMs() - order.startedAtMs);
    this.post({ kind: 'start', order, zeroMs, nowMs });
    const chunks = new TapChunks((chunk, sizeBytes) => this.post({ kind: 'chunk', id, chunk, sizeBytes }, [chunk]));
    this.tapped.set(id, { room, zeroMs, chunks });
    conferences.tap(room, {
      message: (endpoint, person, message) => chunks.add('message', endpoint, person, clock.nowMs(), message),
      rtp: (endpoint, person, kind, header, payload) =>
        chunks.add(kind, endpoint, person, clock.nowMs(), header, payload),
    });
    this.flushing ??= setTimeout(() => this.flushAndGoOn(), FLUSH_MS);
  }

  follow(id: string, event: MeetingEvent): void {
    this.post({ kind: 'follow', id, event, nowMs: this.parts.clock.nowMs() });
  }

  stop(id: string): void {
    this.tapped.get(id)?.chunks.flush();
    this.untap(id);
    this.post({ kind: 'stop', id, nowMs: this.parts.clock.nowMs() });
  }

  /** Keeps what there is of every recording and ends the thread. */
  async close(): Promise<void> {
    const { thread } = this;
    if (!thread) return;
    this.flush();
    for (const id of [...this.tapped.keys()]) this.untap(id);
    const closed = new Promise<void>((resolve) => {
      this.onClosed = resolve;
      setTimeout(resolve, CLOSE_MAX_MS).unref();
    });
    this.post({ kind: 'close', nowMs: this.parts.clock.nowMs() });
    await closed;
    this.thread = null;
    await thread.terminate();
  }

  private untap(id: string): void {
    const tapped = this.tapped.get(id);
    if (!tapped) return;
    this.parts.conferences.tap(tapped.room, null);
    this.tapped.delete(id);
    if (tapped.chunks.dropped > 0) {
      this.parts.log.warn('the recorder did not keep up', { id, dropped: tapped.chunks.dropped });
    }
    if (this.tapped.size === 0 && this.flushing) {
      clearTimeout(this.flushing);
      this.flushing = null;
    }
  }

  private flushAndGoOn(): void {
    this.flush();
    this.flushing = setTimeout(() => this.flushAndGoOn(), this.nextFlushMs());
  }

  /** A second that is over is handed over at once: until it is kept, a crash would cost it as well. */
  private nextFlushMs(): number {
    const nowMs = this.parts.clock.nowMs();
    let waitMs = FLUSH_MS;
    for (const { zeroMs } of this.tapped.values()) {
      waitMs = Math.min(waitMs, SECOND_MS - ((((nowMs - zeroMs) % SECOND_MS) + SECOND_MS) % SECOND_MS));
    }
    return waitMs;
  }

  private flush(): void {
    const { conferences, clock } = this.parts;
    for (const { chunks } of this.tapped.values()) chunks.flush();
    const nowMs = clock.nowMs();
    this.post({ kind: 'time', nowMs });
    if (nowMs - this.askedAtMs < KEY_FRAME_EVERY_MS) return;
    this.askedAtMs = nowMs;
    for (const { room } of this.tapped.values()) conferences.askForKeyFrames(room);
  }

  private post(message: ToRecorder, transfer: readonly ArrayBuffer[] = []): void {
    this.thread ??= this.open();
    this.thread.postMessage(message, [...transfer]);
  }

  private open(): Worker {
    const thread = (this.parts.open ?? openRecorder)(this.parts.place);
    thread.on('message', (message: FromRecorder) => this.hear(message));
    thread.on('error', (error) => this.parts.log.error('the recorder failed', { error: error.stack ?? String(error) }));
    thread.once('exit', () => this.onExit(thread));
    return thread;
  }

  private hear(message: FromRecorder): void {
    const { log, onNews } = this.parts;
    switch (message.kind) {
      case 'read':
        this.tapped.get(message.id)?.chunks.giveBack(message.chunk);
        break;
      case 'kept':
        onNews(message);
        break;
      case 'closed':
        this.onClosed?.();
        break;
      case 'ended': {
        const { cause, ...news } = message;
        if (news.failure) log.error('a recording cannot go on', { id: news.id, failure: news.failure, cause });
        this.untap(news.id);
        onNews(news);
      }
    }
  }

  private onExit(thread: Worker): void {
    if (this.thread !== thread) return;
    this.thread = null;
    this.onClosed?.();
    for (const id of [...this.tapped.keys()]) this.untap(id);
    setTimeout(() => this.parts.onNews({ kind: 'restarted' }), RESTART_MS);
  }
}

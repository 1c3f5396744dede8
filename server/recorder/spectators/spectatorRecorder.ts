import type { Worker } from 'node:worker_threads';
import { Emitter } from '@/lib/core/emitter';
import type { Log } from '@/lib/core/log';
import type { MeetingEvent } from '@/lib/core/meeting';
import type { JitsiPass } from '@/lib/transport/link';
import { openThread } from '@/server/modules';
import type { Recorder, RecorderEvents, RecordingOrder } from '@/server/recorder/recorderContract';
import type { LogSettings } from '@/server/serverLog';
import type { RecordingsPlace } from '@/server/store/recordings/recordingFiles';
import type { FromSpectators, SpectatorSettings, ToSpectators } from './spectatorMessages';

/** Pause before a thread that has died is replaced. */
const RESTART_MS = 500;
/** How long the spectators may take to keep what they have heard and to leave. */
const CLOSE_MAX_MS = 1_200;

export interface SpectatorRecorderParts {
  /** A pass into a meeting's conference, for a spectator. */
  passOf(meetingId: string): Promise<JitsiPass>;
  readonly place: RecordingsPlace;
  /** How its thread logs. */
  readonly logSettings: LogSettings;
  readonly log: Log;
  readonly open?: typeof openThread;
}

/**
 * Records meetings of a Jitsi deployment. Its spectators and all that they hear are in a thread of their own, which begins with
 * the first recording; one that dies is replaced, and its recordings are to be ordered again.
 */
export class SpectatorRecorder implements Recorder {
  readonly events: Emitter<RecorderEvents>;
  private thread: Worker | null = null;
  private isClosing = false;

  constructor(private readonly parts: SpectatorRecorderParts) {
    this.events = new Emitter((error) => parts.log.error('a listener to recordings failed', { error: String(error) }));
  }

  start(order: RecordingOrder): void {
    this.tell({ kind: 'record', order });
  }

  follow(id: string, event: MeetingEvent): void {
    this.tell({ kind: 'follow', id, event });
  }

  stop(id: string): void {
    this.tell({ kind: 'stopRecording', id });
  }

  /** Keeps what there is of every recording, and leaves all conferences. */
  async close(): Promise<void> {
    this.isClosing = true;
    const { thread } = this;
    if (!thread) return;
    const closed = new Promise<void>((resolve) => {
      thread.on('message', ({ kind }: FromSpectators) => kind === 'closed' && resolve());
      thread.once('exit', () => resolve());
      setTimeout(resolve, CLOSE_MAX_MS).unref();
    });
    thread.postMessage({ kind: 'close' } satisfies ToSpectators);
    await closed;
    await thread.terminate();
  }

  private tell(message: ToSpectators): void {
    if (this.isClosing) return;
    this.thread ??= this.open();
    this.thread.postMessage(message);
  }

  private open(): Worker {
    const { place, logSettings, log, open = openThread } = this.parts;
    const workerData: SpectatorSettings = { place, log: logSettings };
    const thread = open(new URL('./spectators.worker.ts', import.meta.url), { workerData });
    thread.on('message', (message: FromSpectators) => this.hear(thread, message));
    thread.on('error', (error) => log.error('the recorder failed', { error: error.stack ?? String(error) }));
    thread.once('exit', () => this.onExit(thread));
    return thread;
  }

  private hear(thread: Worker, message: FromSpectators): void {
    if (message.kind === 'passWanted') void this.givePass(thread, message.call, message.room);
    if (message.kind !== 'recording') return;
    const { kind, ...news } = message.news;
    this.events.emit(kind, news as RecorderEvents[typeof kind]);
  }

  private async givePass(thread: Worker, call: number, room: string): Promise<void> {
    const pass = await this.parts.passOf(room).catch((error: unknown) => {
      this.parts.log.warn('the recorder gets no pass', { cause: String(error) });
      return null;
    });
    thread.postMessage({ kind: 'pass', call, pass } satisfies ToSpectators);
  }

  private onExit(thread: Worker): void {
    if (this.thread !== thread) return;
    this.thread = null;
    if (!this.isClosing) setTimeout(() => this.events.emit('restarted', {}), RESTART_MS);
  }
}

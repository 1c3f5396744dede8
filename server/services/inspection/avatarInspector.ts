import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { AvatarFileError, type AvatarFileReason } from '@/lib/avatarFile/avatarFileError';
import type { UploadTerms } from '@/lib/avatarFile/report/licence';
import type { Log } from '@/lib/core/log';
import { openThread } from '@/server/modules';
import { MeetingError } from '@/server/services/meetings/meetingError';
import { taskWorkMs } from './threadWork';

/** What the worker found; an accepted file's bytes come back from it. */
export type InspectedFile =
  | {
      readonly kind: 'accepted';
      readonly bytes: Uint8Array<ArrayBuffer>;
      /** Of the bytes: 64 lower-case hexadecimal digits. */
      readonly sha256: string;
      readonly terms: UploadTerms;
    }
  | { readonly kind: 'refused'; readonly reason: AvatarFileReason; readonly message: string; readonly detail: string };

/** What a worker posts once it can read. */
interface Ready {
  /** See `ownTaskId`. */
  readonly taskId: number | null;
}

/** A worker that can read. */
interface Reader extends Ready {
  readonly worker: Worker;
}

/** A file may have this much work in it; pages give it no more time. Where work can't be told, this is time. */
const WORK_MAX_MS = 2000;
/** On a busy machine that work may take this long. */
const PATIENCE_MS = 15_000;
/** And so may a worker's start. */
const START_MAX_MS = 15_000;
const LOOK_EVERY_MS = 50;
/** Files that wait for their turn; each is in memory. */
const WAITING_MAX = 8;
/** A worker that has had nothing to read for this long ends. */
const IDLE_MS = 60_000;
/** Beside the file itself: its description as objects. Vertices are bounded by the reader. */
const RESOURCES = { maxOldGenerationSizeMb: 192, maxYoungGenerationSizeMb: 32, stackSizeMb: 2 };

function openWorker(): Worker {
  return openThread(new URL('./avatarInspector.worker.ts', import.meta.url), { resourceLimits: RESOURCES });
}

export interface AvatarInspectorParts {
  readonly log: Log;
  /** Starts a worker, which posts {@link Ready} and then one answer per file. */
  readonly open?: () => Worker;
  readonly workMaxMs?: number;
  readonly patienceMs?: number;
  readonly startMaxMs?: number;
}

/**
 * Reads and decodes uploaded files in a worker thread, one at a time, so that no file holds up poses. A file that takes too
 * much work or memory ends the worker and is refused; the next one gets a new worker.
 */
export class AvatarInspector {
  private reader: Promise<Reader> | null = null;
  /** The worker that was started last. */
  private latest: Worker | null = null;
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;
  private idleTimer: NodeJS.Timeout | undefined;

  constructor(private readonly parts: AvatarInspectorParts) {}

  /**
   * Reads a file, whose bytes it takes over. `onRead` learns how much work it was, milliseconds, whatever
   * becomes of it.
   * @throws MeetingError `unavailable` if too many files wait, no worker can be started, or the machine is too busy to read it
   */
  async inspect(bytes: Uint8Array<ArrayBuffer>, onRead: (workMs: number) => void = () => {}): Promise<InspectedFile> {
    if (this.waiting >= WAITING_MAX) throw MeetingError.uploadsBusy();
    this.waiting += 1;
    const turn = this.last.then(() => this.read(bytes, onRead));
    this.last = turn.catch(() => {});
    try {
      return await turn;
    } finally {
      this.waiting -= 1;
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.idleTimer);
    const reader = await this.reader?.catch(() => null);
    this.reader = null;
    await reader?.worker.terminate();
  }

  private async read(bytes: Uint8Array<ArrayBuffer>, onRead: (workMs: number) => void): Promise<InspectedFile> {
    clearTimeout(this.idleTimer);
    const { workMaxMs = WORK_MAX_MS, patienceMs = PATIENCE_MS } = this.parts;
    this.reader ??= this.start();
    const reader = await this.reader.catch((error: unknown) => {
      this.reader = null;
      throw MeetingError.unavailable(error);
    });
    const work = workSince(reader);
    const answer = await answerOf(reader, bytes, workMaxMs, patienceMs);
    onRead(Math.min(work(), workMaxMs));
    if (typeof answer !== 'string') {
      this.idleTimer = setTimeout(() => void this.close(), IDLE_MS).unref();
      return answer;
    }
    this.reader = null;
    await reader.worker.terminate();
    if (answer === 'starved') throw MeetingError.uploadsBusy();
    return TOO_MUCH;
  }

  private async start(): Promise<Reader> {
    const worker = (this.parts.open ?? openWorker)();
    worker.unref();
    // Without a listener the death of an idle worker would end the process.
    worker.on('error', (error) => this.parts.log.warn('an avatar ended its reader', { error: String(error) }));
    this.latest = worker;
    worker.once('exit', () => {
      // One that was closed may exit after the next has started.
      if (this.latest === worker) this.reader = null;
    });
    const late = setTimeout(() => void worker.terminate(), this.parts.startMaxMs ?? START_MAX_MS);
    const [ready] = await Promise.race([
      once(worker, 'message') as Promise<[Ready]>,
      once(worker, 'exit').then(() => Promise.reject(new Error('no reader'))),
    ]).finally(() => clearTimeout(late));
    return { worker, taskId: ready.taskId };
  }
}

const tooMuch = AvatarFileError.tooHeavy(`more than ${WORK_MAX_MS / 1000} s of work in it`);
const TOO_MUCH: InspectedFile = {
  kind: 'refused',
  reason: tooMuch.reason,
  message: tooMuch.message,
  detail: tooMuch.detail,
};

/** What a reader has worked since now, ms; the time that has passed where that can't be told. */
function workSince({ taskId }: Reader): () => number {
  const beganMs = performance.now();
  const before = taskWorkMs(taskId);
  return () => {
    const now = before === null ? null : taskWorkMs(taskId);
    return before === null || now === null ? performance.now() - beganMs : now - before;
  };
}

/** The worker's answer, or why there is none: the file is too much (or ended the worker), or the machine too busy. */
function answerOf(
  reader: Reader,
  bytes: Uint8Array<ArrayBuffer>,
  workMaxMs: number,
  patienceMs: number,
): Promise<InspectedFile | 'tooMuch' | 'starved'> {
  const { worker } = reader;
  return new Promise((resolve) => {
    const beganMs = performance.now();
    const work = workSince(reader);
    const end = (answer: InspectedFile | 'tooMuch' | 'starved') => {
      clearInterval(timer);
      worker.off('message', end).off('exit', onExit);
      resolve(answer);
    };
    const onExit = () => end('tooMuch');
    // After a stall of this loop, an answer that has come meanwhile is read before the work counts.
    const judge = (verdict: 'tooMuch' | 'starved') => setImmediate(() => setImmediate(() => end(verdict)));
    const look = () => {
      if (work() >= workMaxMs) judge('tooMuch');
      else if (performance.now() - beganMs >= patienceMs) judge('starved');
    };
    const timer = setInterval(look, LOOK_EVERY_MS);
    worker.on('message', end).on('exit', onExit);
    worker.postMessage(bytes, [bytes.buffer]);
  });
}

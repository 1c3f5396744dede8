import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { AvatarFileError, type AvatarFileReason } from '@/lib/avatarFile/avatarFileError';
import type { UploadTerms } from '@/lib/avatarFile/report/licence';
import type { Log } from '@/lib/core/log';
import { MeetingError } from '@/server/services/meetings/meetingError';

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

/** A file may take this long to read; pages give it no more. */
const DEADLINE_MS = 2000;
/** Files that wait for their turn; each is in memory. */
const WAITING_MAX = 8;
/** A worker that has had nothing to read for this long ends. */
const IDLE_MS = 60_000;
/** Beside the file itself: its description as objects. Vertices are bounded by the reader. */
const RESOURCES = { maxOldGenerationSizeMb: 192, maxYoungGenerationSizeMb: 32, stackSizeMb: 2 };

/** Starts the worker, which is TypeScript: on Node 20, tsx has to be registered in the worker's own thread. */
function openWorker(): Worker {
  const script = new URL('./avatarInspector.worker.ts', import.meta.url).href;
  const code = `import('tsx/esm/api').then(({ register }) => { register(); return import('${script}'); });`;
  return new Worker(code, { eval: true, resourceLimits: RESOURCES });
}

export interface AvatarInspectorParts {
  readonly log: Log;
  /** Starts a worker, which posts `ready` and then one answer per file. */
  readonly open?: () => Worker;
  readonly deadlineMs?: number;
}

/**
 * Reads and decodes uploaded files in a worker thread, one at a time, so that no file holds up poses. A file that takes too
 * long, or too much memory, ends the worker and is refused; the next one gets a new worker.
 */
export class AvatarInspector {
  private worker: Promise<Worker> | null = null;
  private last: Promise<unknown> = Promise.resolve();
  private waiting = 0;
  private idleTimer: NodeJS.Timeout | undefined;

  constructor(private readonly parts: AvatarInspectorParts) {}

  /**
   * Reads a file, whose bytes it takes over.
   * @throws MeetingError `unavailable` if too many files wait, or no worker can be started
   */
  async inspect(bytes: Uint8Array<ArrayBuffer>): Promise<InspectedFile> {
    if (this.waiting >= WAITING_MAX) throw MeetingError.uploadsBusy();
    this.waiting += 1;
    const turn = this.last.then(() => this.read(bytes));
    this.last = turn.catch(() => {});
    try {
      return await turn;
    } finally {
      this.waiting -= 1;
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.idleTimer);
    const worker = await this.worker?.catch(() => null);
    this.worker = null;
    await worker?.terminate();
  }

  private async read(bytes: Uint8Array<ArrayBuffer>): Promise<InspectedFile> {
    clearTimeout(this.idleTimer);
    this.worker ??= this.start();
    const worker = await this.worker.catch((error: unknown) => {
      this.worker = null;
      throw MeetingError.unavailable(error);
    });
    const file = await answerOf(worker, bytes, this.parts.deadlineMs ?? DEADLINE_MS);
    if (file) this.idleTimer = setTimeout(() => void this.close(), IDLE_MS).unref();
    else await this.replace(worker);
    return file ?? TOO_MUCH;
  }

  private async start(): Promise<Worker> {
    const worker = (this.parts.open ?? openWorker)();
    worker.unref();
    // Without a listener the death of an idle worker would end the process.
    worker.on('error', (error) => this.parts.log.warn('an avatar ended its reader', { error: String(error) }));
    worker.once('exit', () => {
      this.worker = null;
    });
    await Promise.race([
      once(worker, 'message'),
      once(worker, 'exit').then(() => Promise.reject(new Error('no reader'))),
    ]);
    return worker;
  }

  private async replace(worker: Worker): Promise<void> {
    this.worker = null;
    await worker.terminate();
  }
}

const tooMuch = AvatarFileError.tooHeavy(`more than ${DEADLINE_MS / 1000} s of work in it`);
const TOO_MUCH: InspectedFile = {
  kind: 'refused',
  reason: tooMuch.reason,
  message: tooMuch.message,
  detail: tooMuch.detail,
};

/** The worker's answer; null if it died or missed the deadline. */
function answerOf(worker: Worker, bytes: Uint8Array<ArrayBuffer>, deadlineMs: number): Promise<InspectedFile | null> {
  return new Promise((resolve) => {
    const end = (file: InspectedFile | null) => {
      clearTimeout(timer);
      worker.off('message', end).off('exit', onExit);
      resolve(file);
    };
    const onExit = () => end(null);
    // After a stall of this loop, an answer that has come meanwhile is read before the deadline counts.
    const timer = setTimeout(() => setImmediate(() => setImmediate(() => end(null))), deadlineMs);
    worker.on('message', end).on('exit', onExit);
    worker.postMessage(bytes, [bytes.buffer]);
  });
}

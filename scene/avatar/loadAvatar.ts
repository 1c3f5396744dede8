import type { AvatarFileReason } from '@/lib/avatarFile/avatarFileError';
import { ReasonedError } from '@/lib/core/reasonedError';
import type { AvatarModel } from './avatarModel';
import { modelFromData } from './modelFromData';
import type { ReadOutcome } from './reading/readAvatar';

/** `network`: the download failed; `format`: the file can't be read; `skeleton`: it has no body to move. */
type AvatarLoadReason = 'network' | 'format' | 'skeleton';

/** An avatar could not be loaded; a stand-in is drawn instead. */
export class AvatarLoadError extends ReasonedError<AvatarLoadReason> {
  static network(url: string, cause?: unknown): AvatarLoadError {
    return new AvatarLoadError('network', `The avatar at ${url} could not be downloaded. Try again later.`, { cause });
  }

  /** The error that reading the file reported. */
  static file({ reason, message }: { readonly reason: AvatarFileReason; readonly message: string }): AvatarLoadError {
    return new AvatarLoadError(reason === 'skeleton' ? 'skeleton' : 'format', message);
  }
}

/** Starts the worker and waits until it is ready; null where there are no workers or its script can't be loaded. */
function openWorker(): Promise<Worker | null> {
  let worker: Worker;
  try {
    worker = new Worker(new URL('./reading/avatarReader.worker.ts', import.meta.url), { type: 'module' });
  } catch {
    return Promise.resolve(null);
  }
  return new Promise((resolve) => {
    worker.onmessage = () => resolve(worker);
    worker.onerror = () => resolve(null);
  });
}

/** Milliseconds after which an idle worker is closed: avatars that load at about the same time share it. */
const IDLE_MS = 20_000;

const DIED: ReadOutcome = {
  kind: 'refused',
  reason: 'container',
  message: 'The avatar could not be read on this machine. Choose another one.',
  detail: '',
};

/** Reads a file on this thread. The reader's code is fetched only here, as the worker has its own. */
async function readHere(bytes: Uint8Array<ArrayBuffer>): Promise<ReadOutcome> {
  try {
    const { readAvatar } = await import('./reading/readAvatar');
    return await readAvatar(bytes);
  } catch {
    return DIED;
  }
}

/**
 * A file may take this long in the worker, in ticks that come on time and with a frame: where they don't, the machine is busy, and
 * the worker and the browser's decoder of pictures get as little of it as this page does.
 */
const DEADLINE_TICKS = 20;
const TICK_MS = 100;
const LATE_MS = 50;
/** However busy the machine. */
const PATIENCE_MS = 15_000;

/** Tells whether a frame has come since it was last asked; always where no frames are drawn, as in a hidden page. */
class FrameWatch {
  private hasCome = false;
  private request = 0;
  private readonly isDrawing = typeof requestAnimationFrame === 'function';

  constructor() {
    this.ask();
  }

  take(): boolean {
    const hasCome = this.hasCome || !this.isDrawing || document.hidden;
    this.hasCome = false;
    return hasCome;
  }

  stop(): void {
    if (this.isDrawing) cancelAnimationFrame(this.request);
  }

  private ask(): void {
    if (!this.isDrawing) return;
    this.request = requestAnimationFrame(() => {
      this.hasCome = true;
      this.ask();
    });
  }
}

/** The worker's answer; null if it died, perhaps of too little memory, or missed the deadline. */
function answerOf(worker: Worker, bytes: Uint8Array<ArrayBuffer>): Promise<ReadOutcome | null> {
  return new Promise((resolve) => {
    const frames = new FrameWatch();
    const beganMs = performance.now();
    let lastMs = beganMs;
    let ticks = 0;
    const end = (outcome: ReadOutcome | null) => {
      clearInterval(ticking);
      frames.stop();
      resolve(outcome);
    };
    const ticking = setInterval(() => {
      const nowMs = performance.now();
      if (frames.take() && nowMs - lastMs <= TICK_MS + LATE_MS) ticks += 1;
      lastMs = nowMs;
      if (ticks >= DEADLINE_TICKS || nowMs - beganMs >= PATIENCE_MS) end(null);
    }, TICK_MS);
    worker.onmessage = ({ data }: MessageEvent<ReadOutcome>) => end(data);
    worker.onerror = () => end(null);
    worker.postMessage(bytes, [bytes.buffer]);
  });
}

/** Reads avatars in one worker, which runs only while there is something to read, one after the other. */
export class AvatarReader {
  private opening: Promise<Worker | null> | null = null;
  private last: Promise<unknown> = Promise.resolve();
  private idleTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly open: () => Promise<Worker | null> = openWorker) {}

  /** Reads a file in the worker, or on this thread where there is none. Detaches `bytes`. Never rejects. */
  read(bytes: Uint8Array<ArrayBuffer>): Promise<ReadOutcome> {
    const outcome = this.last.then(() => this.readNow(bytes));
    this.last = outcome;
    return outcome;
  }

  private async readNow(bytes: Uint8Array<ArrayBuffer>): Promise<ReadOutcome> {
    clearTimeout(this.idleTimer);
    this.opening ??= this.open();
    const worker = await this.opening;
    if (!worker) return readHere(bytes);
    const outcome = await answerOf(worker, bytes);
    if (outcome) this.idleTimer = setTimeout(() => this.close(worker), IDLE_MS);
    // The next file gets a new one.
    else this.close(worker);
    return outcome ?? DIED;
  }

  private close(worker: Worker): void {
    worker.terminate();
    this.opening = null;
  }
}

const reader = new AvatarReader();

/** Downloads the avatar at `url` and reads it in a worker. Throws {@link AvatarLoadError}. */
export async function loadAvatar(url: string): Promise<AvatarModel> {
  const outcome = await reader.read(new Uint8Array(await download(url)));
  if (outcome.kind === 'refused') throw AvatarLoadError.file(outcome);
  return modelFromData(outcome.avatar);
}

async function download(url: string): Promise<ArrayBuffer> {
  try {
    const response = await fetch(url);
    if (response.ok) return await response.arrayBuffer();
  } catch (error) {
    throw AvatarLoadError.network(url, error);
  }
  throw AvatarLoadError.network(url);
}

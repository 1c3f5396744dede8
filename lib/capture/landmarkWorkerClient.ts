import { systemClock } from '@/lib/core/clock';
import { Emitter } from '@/lib/core/emitter';
import type { LandmarkFrame } from '@/lib/core/landmarks';
import type { CaptureFiles } from './captureFiles';
import { WebcamError, type WebcamErrorReason } from './webcamError';

/** What runs the models. */
export type Delegate = 'GPU' | 'CPU';

/** How long one reading takes, ms; NaN before the first. */
export interface ReadCosts {
  readonly faceMs: number;
  readonly bodyMs: number;
  readonly handsMs: number;
}

/** From the page to the worker: first the files to read with, then one picture at a time. */
export type ToLandmarkWorker =
  | {
      readonly type: 'start';
      readonly files: CaptureFiles;
      /** Null: the quicker one. */
      readonly delegate: Delegate | null;
    }
  | {
      readonly type: 'picture';
      /** The worker closes it. */
      readonly picture: VideoFrame;
      /** Capture time, milliseconds of the page's clock. */
      readonly timeMs: number;
    };

/** From the worker to the page: `ready` once, then one frame for each picture; or why there are none. */
export type FromLandmarkWorker =
  | { readonly type: 'ready' }
  | {
      readonly type: 'landmarks';
      readonly frame: LandmarkFrame;
      readonly costs: ReadCosts;
      readonly delegate: Delegate;
    }
  | { readonly type: 'failed'; readonly reason: WebcamErrorReason; readonly detail: string };

type LandmarksRead = Extract<FromLandmarkWorker, { type: 'landmarks' }>;

export interface LandmarkWorkerEvents {
  /** The models are loaded. */
  ready: null;
  landmarks: LandmarksRead;
  /** No more landmarks will come. */
  failed: WebcamError;
}

/** The bundler recognises the worker by exactly this expression. */
function startLandmarkWorker(): Worker {
  return new Worker(new URL('./worker/landmarks.worker.ts', import.meta.url), { type: 'module' });
}

/** The page's side of the worker. One picture is read at a time; of those that wait, only the newest is kept. */
export class LandmarkWorkerClient {
  readonly events = new Emitter<LandmarkWorkerEvents>();
  /** Main-thread milliseconds spent on messages from the worker. */
  spentMs = 0;
  /** Pictures that a newer one replaced before they were read. */
  replaced = 0;
  private isBusy = true;
  private waiting: { readonly picture: VideoFrame; readonly timeMs: number } | null = null;

  constructor(private readonly worker: Worker = startLandmarkWorker()) {
    worker.onmessage = ({ data }: MessageEvent<FromLandmarkWorker>) => this.onMessage(data);
    worker.onerror = (event) => this.fail(new WebcamError('wasmFailed', event.message ?? ''));
  }

  /** Loads the models; `delegate` null chooses the quicker one. */
  start(files: CaptureFiles, delegate: Delegate | null): void {
    this.send({ type: 'start', files, delegate });
  }

  /** Takes over `picture` and has it read after the current one, unless a newer one comes first. */
  offer(picture: VideoFrame, timeMs: number): void {
    if (this.waiting) {
      this.replaced += 1;
      this.waiting.picture.close();
    }
    this.waiting = { picture, timeMs };
    if (!this.isBusy) this.sendWaiting();
  }

  close(): void {
    this.worker.terminate();
    this.waiting?.picture.close();
    this.waiting = null;
    this.isBusy = true;
    this.events.clear();
  }

  private onMessage(message: FromLandmarkWorker): void {
    const startedMs = systemClock.nowMs();
    if (message.type === 'failed') this.fail(new WebcamError(message.reason, message.detail));
    else this.onProgress(message);
    this.spentMs += systemClock.nowMs() - startedMs;
  }

  private onProgress(message: Exclude<FromLandmarkWorker, { type: 'failed' }>): void {
    this.isBusy = false;
    this.sendWaiting();
    if (message.type === 'ready') this.events.emit('ready', null);
    else this.events.emit('landmarks', message);
  }

  private sendWaiting(): void {
    const { waiting } = this;
    if (!waiting) return;
    this.waiting = null;
    this.isBusy = true;
    this.send({ type: 'picture', ...waiting }, [waiting.picture]);
  }

  private send(message: ToLandmarkWorker, transfer: Transferable[] = []): void {
    this.worker.postMessage(message, transfer);
  }

  private fail(error: WebcamError): void {
    this.events.emit('failed', error);
  }
}

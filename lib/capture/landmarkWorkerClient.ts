import { systemClock } from '@/lib/core/clock';
import { Emitter } from '@/lib/core/emitter';
import type { LandmarkFrame } from '@/lib/core/landmarks';
import type { CaptureFiles } from './captureFiles';
import { WebcamError, type WebcamErrorReason } from './webcamError';

/** What computes the models. */
export type Delegate = 'GPU' | 'CPU';

/** What one reading takes, ms; NaN before the first. */
export interface ReadCosts {
  readonly faceMs: number;
  readonly bodyMs: number;
  readonly handsMs: number;
}

/** From the page to the worker: once what to read with, then pictures, one at a time. */
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

/** From the worker to the page: ready once, then one frame for each picture; or why there is nothing. */
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
  /** Nothing comes any more. */
  failed: WebcamError;
}

/** The bundler finds the worker by this very expression. */
function startLandmarkWorker(): Worker {
  return new Worker(new URL('./worker/landmarks.worker.ts', import.meta.url), { type: 'module' });
}

/** The page's side of the worker: one picture is read at a time, and of those that wait only the newest. */
export class LandmarkWorkerClient {
  readonly events = new Emitter<LandmarkWorkerEvents>();
  /** Main-thread milliseconds spent on what the worker tells. */
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

  /** Has `picture` read as soon as the one before has been, unless a newer one comes. Takes it over. */
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

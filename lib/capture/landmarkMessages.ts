import type { LandmarkFrame } from '@/lib/core/landmarks';
import type { CaptureFiles } from './captureFiles';
import type { WebcamErrorReason } from './webcamError';

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

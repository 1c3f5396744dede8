import type { MeetingEvent } from '@/lib/core/meeting';
import type { RecorderEvents, RecordingOrder } from './recorderContract';

/** To the recorder's thread. Times are on the hub's clock. */
export type ToRecorder =
  | { readonly kind: 'start'; readonly order: RecordingOrder; readonly zeroMs: number; readonly nowMs: number }
  | { readonly kind: 'follow'; readonly id: string; readonly event: MeetingEvent; readonly nowMs: number }
  | { readonly kind: 'chunk'; readonly id: string; readonly chunk: ArrayBuffer; readonly sizeBytes: number }
  /** Nothing that happened before is still to come. */
  | { readonly kind: 'time'; readonly nowMs: number }
  | { readonly kind: 'stop'; readonly id: string; readonly nowMs: number }
  /** Ends all recordings for now: another process may resume them. */
  | { readonly kind: 'close'; readonly nowMs: number };

/** From the recorder's thread. */
export type FromRecorder =
  | ({ readonly kind: 'kept' } & RecorderEvents['kept'])
  | ({ readonly kind: 'ended'; readonly cause?: string } & RecorderEvents['ended'])
  /** A chunk that has been read, to be used again. */
  | { readonly kind: 'read'; readonly id: string; readonly chunk: ArrayBuffer }
  | { readonly kind: 'closed' };

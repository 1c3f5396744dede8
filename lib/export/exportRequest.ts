import type { ByteSource } from '@/lib/recording/byteSource';
import type { ReadTimeline } from '@/lib/recording/timeline';

/** What a recording can be turned into. */
export const EXPORT_FORMATS = ['vrma', 'bvh', 'vtt'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Reading that takes long. */
export interface LongReading {
  /** Ends it early, with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called with the share that is done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/** What is wanted of a recording. */
export interface ExportRequest extends LongReading {
  readonly source: ByteSource;
  readonly recording: ReadTimeline;
  readonly format: ExportFormat;
  /** Id or name; null for the only one there is. */
  readonly person: string | null;
  /** The recording's time, ms; null for all there is. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
}

/** Where a file goes: its bytes from a place on, mostly but not always one after the other. */
export type ExportSink = (bytes: Uint8Array, atByte: number) => void | Promise<void>;

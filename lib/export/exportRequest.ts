import type { ByteSource } from '@/lib/recording/byteSource';
import type { ReadTimeline } from '@/lib/recording/timeline';

/** What a recording can be turned into. */
export const EXPORT_FORMATS = ['vrma', 'bvh', 'glb', 'webm', 'wav', 'vtt'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Reading that takes long. */
export interface LongReading {
  /** Ends it early, with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called with the share that is done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/** A point of the room, or a direction, metres. */
type RoomVector = readonly [x: number, y: number, z: number];

/** A room as somebody hears it. */
export interface HearingPlace {
  readonly ear: RoomVector;
  /** The unit vector in which they look. */
  readonly forward: RoomVector;
  /** Where somebody on a seat speaks. */
  mouthOf(seat: number): RoomVector;
}

/** Finds the room for the seats that are taken, as it is heard from one of them, or as its guests hear it. */
export type RoomPlan = (seats: readonly number[], listener: number | null) => HearingPlace;

/** What is wanted of a recording. */
export interface ExportRequest extends LongReading {
  readonly source: ByteSource;
  readonly recording: Pick<ReadTimeline, 'timeline' | 'rows'>;
  readonly format: ExportFormat;
  /**
   * Id or name: who moves (`vrma`, `bvh`, `glb`), who is heard (`webm`), or who listens (`wav`). Null for the only one who moved, for all
   * who spoke, for a guest.
   */
  readonly person: string | null;
  /** The recording's time, ms; null for all there is. */
  readonly fromMs: number | null;
  readonly toMs: number | null;
  /** The file of an avatar by its reference, '' if that was never said; for `glb`. */
  readonly loadAvatar: (avatar: string) => Promise<Uint8Array>;
  /** The room, for `wav`. */
  readonly room: RoomPlan;
}

/** Where a file goes: its bytes from a place on, mostly but not always one after the other. */
export type ExportSink = (bytes: Uint8Array, atByte: number) => void | Promise<void>;

import type { ByteSource } from '@/lib/recording/byteSource';
import { RecordingError } from '@/lib/recording/recordingError';
import type { IndexRow } from '@/lib/recording/recordingIndex';
import { scanRecording } from '@/lib/recording/scan';
import { openSegment } from '@/lib/recording/segmentReader';
import { type RecordingTimeline, TimelineBuilder } from '@/lib/recording/timeline';
import { type FetchBytes, fileSource } from './byteSources';
import { GrowingRecording } from './growingRecording';
import { asReplayError } from './replayError';

/** A recording that can be replayed. */
export interface OpenRecording {
  readonly source: ByteSource;
  /** At least one. Those of a recording that is watched while it is made grow. */
  readonly rows: readonly IndexRow[];
  /** Whether no more rows will follow; absent for a recording that is as it is. */
  isOver?(): boolean;
  /** Looks for more as it is made; absent where nothing has to be done for that. Returns a function that ends it. */
  follow?(): () => void;
}

/** Opens the recording whose files are at `filesUrl`, which ends with a slash. @throws ReplayError */
export async function openAddress(
  filesUrl: string,
  fetchBytes: FetchBytes = (url, init) => fetch(url, init),
): Promise<OpenRecording> {
  try {
    return await GrowingRecording.open(filesUrl, fetchBytes);
  } catch (error) {
    throw asReplayError(error);
  }
}

/** Opens a `.parley` file: finds its segments, past damage. `onShare` hears how much of it has been read, 0 to 1. @throws ReplayError */
export async function openFile(file: Blob, onShare: (share: number) => void = () => {}): Promise<OpenRecording> {
  const source = fileSource(file);
  try {
    const { rows } = await scanRecording(source, {
      onSegment: (_, { atByte, sizeBytes }) => onShare((atByte + sizeBytes) / source.sizeBytes),
    });
    return { source, rows };
  } catch (error) {
    throw asReplayError(error);
  }
}

/** Bytes that are read at once for the time line. */
const WINDOW_BYTES = 1024 * 1024;

/** A time line that is being read. */
export interface TimelineProgress {
  readonly timeline: RecordingTimeline;
  /** How much of the recording is in it, 0 to 1. */
  readonly share: number;
}

/** The place after the last row of those from `first` on that fit into a window. */
function windowEnd(rows: readonly IndexRow[], first: number): number {
  const from = rows[first]!.atByte;
  const end = rows.findIndex((row, place) => place > first && row.atByte + row.sizeBytes - from > WINDOW_BYTES);
  return end < 0 ? rows.length : end;
}

/**
 * Reads a recording from front to back, and yields its time line so far after each piece. Other work gets its turn in between. One
 * that is still being made is read on: as long as there is nothing more it yields the same again. @throws ReplayError
 */
export async function* readTimelineSteps(recording: OpenRecording): AsyncGenerator<TimelineProgress> {
  const { source, rows } = recording;
  const builder = new TimelineBuilder();
  let isWhole = true;
  for (let first = 0; ; ) {
    if (first === rows.length) {
      if (recording.isOver?.() ?? true) return;
      yield { timeline: builder.build(isWhole), share: 1 };
      continue;
    }
    const end = windowEnd(rows, first);
    const from = rows[first]!.atByte;
    const last = rows[end - 1]!;
    const bytes = await source.read(from, last.atByte + last.sizeBytes - from);
    for (const { atByte, sizeBytes } of rows.slice(first, end)) {
      isWhole = addTo(builder, bytes.subarray(atByte - from, atByte - from + sizeBytes)) && isWhole;
    }
    first = end;
    yield { timeline: builder.build(isWhole), share: end / rows.length };
  }
}

function addTo(builder: TimelineBuilder, bytes: Uint8Array): boolean {
  try {
    builder.add(openSegment(bytes));
    return true;
  } catch (error) {
    if (error instanceof RecordingError) return false;
    throw error;
  }
}

import { type ByteSource, ByteWindow } from './byteSource';
import { HEADER_BYTES, SEGMENT_MAGIC } from './format';
import { RecordingError } from './recordingError';
import { type IndexRow, indexRowOf } from './recordingIndex';
import { type OpenSegment, openSegment, readHeader } from './segmentReader';

/** A range of bytes, the end not included. */
export interface ByteRange {
  readonly fromByte: number;
  readonly toByte: number;
}

/** What a scan found. */
export interface RecordingScan {
  readonly recordingId: Uint8Array;
  readonly rows: readonly IndexRow[];
  /** Damaged bytes between whole segments. */
  readonly damaged: readonly ByteRange[];
  /** Where the last whole segment ends: what follows is torn. */
  readonly wholeBytes: number;
}

/** Where to begin, and what to do on the way. */
export interface ScanOptions {
  /** The last segment that is known to be whole; without, the scan begins at byte 0. */
  readonly after?: { readonly recordingId: Uint8Array; readonly row: IndexRow };
  /** Called for every whole segment. */
  readonly onSegment?: (segment: OpenSegment, row: IndexRow) => void;
}

const MAGIC = Uint8Array.of(SEGMENT_MAGIC, SEGMENT_MAGIC >> 8, SEGMENT_MAGIC >> 16, SEGMENT_MAGIC >> 24);
const SEARCH_BYTES = 1024 * 1024;
/**
 * Bytes of segments that may turn out not to be whole, as a multiple of the source: a file made to look as if a long segment began
 * at every place would take hours otherwise.
 */
const WASTE_FACTOR = 4;
const WASTE_LEAST_BYTES = 16 * 1024 * 1024;

/** Reads a source segment by segment and finds the next whole one after damage. */
class Scanner {
  readonly rows: IndexRow[] = [];
  readonly damaged: ByteRange[] = [];
  private readonly window: ByteWindow;
  private recordingId: Uint8Array | null;
  private last: IndexRow | null;
  private firstError: RecordingError | null = null;
  private wasteBytes = 0;

  constructor(
    private readonly source: ByteSource,
    private readonly options: ScanOptions,
  ) {
    this.window = new ByteWindow(source);
    this.recordingId = options.after?.recordingId ?? null;
    this.last = options.after?.row ?? null;
  }

  async run(): Promise<RecordingScan> {
    let at: number | null = endOf(this.last);
    while (at !== null && at < this.source.sizeBytes) {
      at = (await this.takeAt(at)) ? endOf(this.last) : await this.takeNextAfter(at);
    }
    if (!this.recordingId) throw this.firstError ?? RecordingError.empty();
    const { recordingId, rows, damaged } = this;
    return { recordingId, rows, damaged, wholeBytes: endOf(this.last) };
  }

  /** Takes the segment at `at`, if a whole one of this recording begins there. */
  private async takeAt(at: number): Promise<boolean> {
    const segment = await this.openAt(at);
    if (!segment || !this.isNext(segment)) return false;
    const row = indexRowOf(segment, at);
    this.recordingId ??= segment.recordingId;
    this.last = row;
    this.rows.push(row);
    this.options.onSegment?.(segment, row);
    return true;
  }

  /** Takes the first whole segment after `at`. Returns where it ends; null if there is none. */
  private async takeNextAfter(at: number): Promise<number | null> {
    const wasteMaxBytes = WASTE_LEAST_BYTES + WASTE_FACTOR * this.source.sizeBytes;
    for (let next = await this.findMagic(at + 1); next !== null; next = await this.findMagic(next + 1)) {
      if (this.wasteBytes > wasteMaxBytes) return null;
      if (!(await this.takeAt(next))) continue;
      this.damaged.push({ fromByte: at, toByte: next });
      return endOf(this.last);
    }
    return null;
  }

  private async openAt(at: number): Promise<OpenSegment | null> {
    try {
      const { sizeBytes } = readHeader(await this.window.read(at, HEADER_BYTES));
      this.wasteBytes += sizeBytes;
      const segment = openSegment(await this.window.read(at, sizeBytes));
      this.wasteBytes -= sizeBytes;
      return segment;
    } catch (error) {
      if (!(error instanceof RecordingError)) throw error;
      this.firstError ??= error;
      return null;
    }
  }

  private isNext({ recordingId, number }: OpenSegment): boolean {
    if (this.last && number <= this.last.number) return false;
    return !this.recordingId || isSameId(this.recordingId, recordingId);
  }

  private async findMagic(from: number): Promise<number | null> {
    for (let at = from; at < this.source.sizeBytes; at += SEARCH_BYTES - MAGIC.length + 1) {
      const found = indexOfMagic(await this.window.read(at, SEARCH_BYTES));
      if (found >= 0) return at + found;
    }
    return null;
  }
}

function endOf(row: IndexRow | null): number {
  return row ? row.atByte + row.sizeBytes : 0;
}

function indexOfMagic(bytes: Uint8Array): number {
  for (let at = bytes.indexOf(MAGIC[0]!); at >= 0; at = bytes.indexOf(MAGIC[0]!, at + 1)) {
    if (MAGIC.every((byte, k) => bytes[at + k] === byte)) return at;
  }
  return -1;
}

/** Whether two recordings have the same id. */
export function isSameId(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, k) => byte === b[k]);
}

/**
 * Reads a recording from front to back and lists its whole segments, past damage. @throws RecordingError if there is none
 */
export function scanRecording(source: ByteSource, options: ScanOptions = {}): Promise<RecordingScan> {
  return new Scanner(source, options).run();
}

import { StoreError } from '@/server/store/storeError';

/** A recording's id: 128 random bits, hex. */
const RECORDING_ID = /^[0-9a-f]{32}$/;
const FILE_NAME = /^[a-z][a-z0-9.-]{0,31}$/;

/** A file that only grows, open for its one writer. A failed call leaves the file as it was; one call at a time. */
export interface GrowingFile {
  readonly sizeBytes: number;
  /**
   * Appends `bytes`, which outlast a crash of the machine once this resolves.
   * @throws StoreError `unavailable`; `unwritable`; `inUse` if another writer has appended meanwhile
   */
  append(bytes: Uint8Array): Promise<void>;
  /** Cuts off what follows the first `sizeBytes` bytes. @throws StoreError */
  truncate(sizeBytes: number): Promise<void>;
  close(): Promise<void>;
}

/**
 * Where recordings are kept: files of each recording, by name. A name belongs either to a growing file or to a small one.
 * @throws StoreError from every method, `unavailable` if the storage can't be reached now, `unwritable` if it refuses;
 *   RangeError for an id or a name that none can have
 */
export interface RecordingStorage {
  /** Opens a growing file; created if absent. */
  open(recordingId: string, name: string): Promise<GrowingFile>;
  /** Size of a growing file; 0 if there is none. */
  sizeOf(recordingId: string, name: string): Promise<number>;
  /** Up to `sizeBytes` bytes of a growing file from `atByte` on: fewer only where it ends. */
  read(recordingId: string, name: string, atByte: number, sizeBytes: number): Promise<Uint8Array>;
  /** Writes a small file as a whole, in place of an earlier one. */
  write(recordingId: string, name: string, bytes: Uint8Array): Promise<void>;
  /** A small file as a whole; null if there is none. */
  readWhole(recordingId: string, name: string): Promise<Uint8Array | null>;
  /** Ids of the recordings that have files. */
  list(): Promise<readonly string[]>;
  /** Bytes that there is room for; null where nothing says so, as in a bucket. */
  freeBytes(): Promise<number | null>;
  /** Deletes all files of a recording; does nothing if there are none. */
  remove(recordingId: string): Promise<void>;
}

/** Whether `text` has the form of a recording's id. */
export function isRecordingId(text: string): boolean {
  return RECORDING_ID.test(text);
}

/** Keeps paths and keys in their place. @throws RangeError */
export function requireNames(recordingId: string, name?: string): void {
  if (!isRecordingId(recordingId)) throw new RangeError('not the id of a recording');
  if (name !== undefined && !FILE_NAME.test(name)) throw new RangeError('not the name of a file of a recording');
}

/** The refusal to a writer whose file another one has changed. */
export function grownElsewhere(cause?: unknown): StoreError {
  return new StoreError('inUse', 'Another process writes this recording. Run one Parley for each meeting.', { cause });
}

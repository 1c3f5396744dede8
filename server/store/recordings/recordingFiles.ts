import { FolderStorage } from './folderStorage';
import type { RecordingStorage } from './recordingStorage';
import type { S3Place } from './s3Client';
import { S3Storage } from './s3Storage';

/** All segments of a recording, one after the other. */
export const SEGMENTS_FILE = 'segments';
/** The recording's index: where each segment begins. */
export const INDEX_FILE = 'index';

/** Where recordings are kept: a folder, or a bucket. */
export type RecordingsPlace = { readonly kind: 'folder'; readonly path: string } | ({ readonly kind: 's3' } & S3Place);

/** The storage at a place. */
export function openRecordings(place: RecordingsPlace): RecordingStorage {
  return place.kind === 's3' ? new S3Storage(place) : new FolderStorage(place.path);
}

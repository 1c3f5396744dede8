import type { RecordingLimit } from '@/lib/core/recording';
import { AddressQuota } from '@/server/limits/addressQuota';
import { callerKey } from '@/server/limits/tokenBuckets';
import { MeetingError } from '@/server/services/meetings/meetingError';
import type { RecordingRecord, RecordingStore } from '@/server/store/recordingStore';
import type { RecordingStorage } from '@/server/store/recordings/recordingStorage';
import type { RecordingProgress } from './recordingRuns';

/** How much may be recorded. */
export interface QuotaSettings {
  /** How long one recording may be. */
  readonly maxMs: number;
  /** How large one recording may be. */
  readonly maxBytes: number;
  /** All recordings of a meeting together. */
  readonly meetingMaxBytes: number;
  /** All recordings of the site together. */
  readonly siteMaxBytes: number;
  /** What is left free on the disk of the recordings. */
  readonly freeMinBytes: number;
  /** Recordings under way that people at one address have begun. */
  readonly atOnce: number;
}

/** A recording under way, as its limits see it. */
export interface Measured {
  readonly record: Pick<RecordingRecord, 'id' | 'meetingId' | 'hostTokenHash'>;
  readonly progress: Pick<RecordingProgress, 'durationMs' | 'sizeBytes'>;
}

export interface RecordingQuotaParts {
  readonly settings: QuotaSettings;
  readonly store: Pick<RecordingStore, 'ofHost' | 'totalBytes'>;
  readonly storage: Pick<RecordingStorage, 'freeBytes'>;
}

/** Holds recordings to the site's limits. */
export class RecordingQuota {
  private readonly addresses: AddressQuota;

  constructor(private readonly parts: RecordingQuotaParts) {
    this.addresses = new AddressQuota(parts.settings.atOnce);
  }

  /** Takes a place for a recording that somebody at `ip` begins. Returns what gives it back. @throws MeetingError `tooManyRequests` */
  takePlace(ip: string): () => void {
    const release = this.addresses.take(callerKey(ip));
    if (!release) throw MeetingError.tooManyRecordings();
    return release;
  }

  /** The limit that a recording has reached by itself; null if none. */
  ownLimit({ durationMs, sizeBytes }: Measured['progress']): RecordingLimit | null {
    const { maxMs, maxBytes } = this.parts.settings;
    if (durationMs >= maxMs) return 'length';
    return sizeBytes >= maxBytes ? 'size' : null;
  }

  /**
   * The limit of what there is room for that a recording has reached; null if none. One that is yet to begin counts with nothing.
   * @param running All recordings under way.
   * @throws StoreError
   */
  async sharedLimit({ record, progress }: Measured, running: readonly Measured[]): Promise<RecordingLimit | null> {
    const { settings, store, storage } = this.parts;
    const freeBytes = await storage.freeBytes();
    if (freeBytes !== null && freeBytes < settings.freeMinBytes) return 'disk';
    const runningBytes = running.reduce((sum, each) => sum + each.progress.sizeBytes, 0);
    if ((await store.totalBytes()) + runningBytes >= settings.siteMaxBytes) return 'site';
    const own = await store.ofHost(record.meetingId, record.hostTokenHash);
    const ownBytes = own.reduce((sum, { sizeBytes }) => sum + sizeBytes, progress.sizeBytes);
    return ownBytes >= settings.meetingMaxBytes ? 'meeting' : null;
  }
}

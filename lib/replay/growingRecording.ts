import { type Scheduler, systemScheduler } from '@/lib/core/clock';
import type { ByteSource } from '@/lib/recording/byteSource';
import { INDEX_ROW_BYTES } from '@/lib/recording/format';
import { type IndexRow, readIndex } from '@/lib/recording/recordingIndex';
import { openSegment } from '@/lib/recording/segmentReader';
import { CachedSource, type FetchBytes, fetchAll, httpSource } from './byteSources';
import { ReplayError } from './replayError';

/** How often more is looked for while it comes, ms. */
const LOOK_MS = 3000;
/** After so long without more the recorder has been interrupted; it may yet resume. */
const QUIET_MS = 15_000;
const QUIET_LOOK_MS = 15_000;
/** After so long without more nothing is looked for. */
const GIVE_UP_MS = 10 * 60_000;

/** Bytes of a file that grows: as many as are said to be there. */
class GrowingSource implements ByteSource {
  sizeBytes = 0;

  constructor(
    private readonly url: string,
    private readonly fetchBytes: FetchBytes,
  ) {}

  read(atByte: number, sizeBytes: number): Promise<Uint8Array> {
    return httpSource(this.url, this.sizeBytes, this.fetchBytes).read(atByte, sizeBytes);
  }
}

/**
 * A recording at an address. Its rows and its source grow while it is still being made, as long as it is followed.
 */
export class GrowingRecording {
  readonly rows: IndexRow[] = [];
  readonly source: CachedSource;
  private readonly bytes: GrowingSource;
  private hasEnded = false;
  private isFollowed = false;
  private grewAtMs = 0;

  private constructor(
    private readonly filesUrl: string,
    private readonly fetchBytes: FetchBytes,
    private readonly scheduler: Scheduler,
  ) {
    this.bytes = new GrowingSource(`${filesUrl}segments`, fetchBytes);
    this.source = new CachedSource(this.bytes);
  }

  /** Opens what there is. @throws ReplayError, RecordingError */
  static async open(
    filesUrl: string,
    fetchBytes: FetchBytes,
    scheduler: Scheduler = systemScheduler,
  ): Promise<GrowingRecording> {
    const recording = new GrowingRecording(filesUrl, fetchBytes, scheduler);
    recording.take(readIndex(await fetchAll(fetchBytes, `${filesUrl}index`)).rows);
    if (recording.rows.length === 0) throw ReplayError.empty();
    return recording;
  }

  /** Whether no more rows will follow: known once it is followed. */
  readonly isOver = (): boolean => this.hasEnded;

  /** Looks whether it is still being made, and for more as long as it is. Returns a function that ends that. */
  follow(): () => void {
    this.isFollowed = true;
    this.grewAtMs = this.scheduler.nowMs();
    let cancel: () => void = () => {};
    const plan = () => {
      const quietMs = this.scheduler.nowMs() - this.grewAtMs;
      if (quietMs > GIVE_UP_MS) this.hasEnded = true;
      if (this.hasEnded || !this.isFollowed) return;
      cancel = this.scheduler.schedule(() => void look().then(plan), quietMs > QUIET_MS ? QUIET_LOOK_MS : LOOK_MS);
    };
    // What cannot be read now is looked for again.
    const look = () => this.look().catch(() => {});
    void this.judge()
      .catch(() => {})
      .then(plan);
    return () => {
      this.isFollowed = false;
      cancel();
    };
  }

  private async look(): Promise<void> {
    const bytes = await fetchAll(this.fetchBytes, `${this.filesUrl}index`, { cache: 'no-store' });
    if (!this.isFollowed || bytes.length < (this.rows.length + 1) * INDEX_ROW_BYTES) return;
    const before = this.rows.length;
    this.take(readIndex(bytes).rows);
    if (this.rows.length > before) this.grewAtMs = this.scheduler.nowMs();
    await this.judge();
  }

  /** The last segment of a recording that was ended says so. */
  private async judge(): Promise<void> {
    const { atByte, sizeBytes } = this.rows.at(-1)!;
    this.hasEnded = openSegment(await this.source.read(atByte, sizeBytes)).isLast;
  }

  private take(rows: readonly IndexRow[]): void {
    const more = rows.slice(this.rows.length);
    const last = more.at(-1);
    if (!last) return;
    const before = this.bytes.sizeBytes;
    this.bytes.sizeBytes = last.atByte + last.sizeBytes;
    this.source.forgetFrom(before);
    this.rows.push(...more);
  }
}

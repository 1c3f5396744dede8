import type { Clock } from '@/lib/core/clock';
import type { HubStats } from '@/server/hub/hubStats';

/** Over this long the rate is averaged. */
const RATE_MS = 30_000;
const S_PER_MS = 0.001;

/** What the hub sends in a second. */
export class ByteRate {
  private told: { readonly stats: HubStats; readonly bytes: number; readonly atMs: number }[] = [];

  /** `clock`: any monotonic scale. */
  constructor(private readonly clock: Clock) {}

  /** Bytes of poses and media per second, with the newest counts; null until the hub has told its counts twice. */
  read(stats: HubStats | null): number | null {
    if (stats) this.note(stats);
    else this.told = [];
    const [first, last] = [this.told[0], this.told.at(-1)];
    if (!first || !last || last.atMs <= first.atMs) return null;
    return (last.bytes - first.bytes) / ((last.atMs - first.atMs) * S_PER_MS);
  }

  /** The hub tells its counts less often than the site looks: the same again is nothing new. */
  private note(stats: HubStats): void {
    const last = this.told.at(-1);
    if (last?.stats === stats) return;
    const atMs = this.clock.nowMs();
    const bytes = stats.bytesOut + (stats.media?.rtpBytesOut ?? 0);
    // It was started again.
    if (last && bytes < last.bytes) this.told = [];
    this.told.push({ stats, bytes, atMs });
    while (this.told.length > 2 && this.told[1]!.atMs <= atMs - RATE_MS) this.told.shift();
  }
}

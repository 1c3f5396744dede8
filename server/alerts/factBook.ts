import type { Clock } from '@/lib/core/clock';
import type { ClientReport, MeetingErrorReason } from '@/lib/core/meeting';
import type { SiteSample } from '@/server/metrics/siteMetrics';
import type { AlertFacts } from './alertRules';

const MINUTE_MS = 60_000;
const JOINS_MS = 5 * MINUTE_MS;
const EVENTS_MS = 5 * MINUTE_MS;
/** Fewer reports than this say nothing about a site. */
const AGES_MIN = 5;
const AGE_SHARE = 0.95;
/** Most entries of a window; older ones go first. */
const ENTRIES_MAX = 10_000;
/** Over this long the bandwidth is averaged. */
const RATE_MS = 30_000;
const BITS = 8;
const SECOND_MS = 1000;

type Hub = NonNullable<SiteSample['hub']>;

/** What happened in the last while. */
class Window<Entry> {
  private entries: { readonly atMs: number; readonly entry: Entry }[] = [];

  constructor(
    private readonly spanMs: number,
    private readonly clock: Clock,
  ) {}

  note(entry: Entry): void {
    if (this.entries.length >= ENTRIES_MAX) this.entries.shift();
    this.entries.push({ atMs: this.clock.nowMs(), entry });
  }

  read(): Entry[] {
    const fromMs = this.clock.nowMs() - this.spanMs;
    this.entries = this.entries.filter(({ atMs }) => atMs >= fromMs);
    return this.entries.map(({ entry }) => entry);
  }
}

interface FactBookParts {
  /** Any monotonic scale. */
  readonly clock: Clock;
  readonly bandwidthMaxBps: number;
  /** p99 since it was last asked, ms. */
  eventLoopLagMs(): number;
}

/** Gathers what the rules of the alerts look at. */
export class FactBook {
  private readonly ages: Window<number>;
  private readonly joins: Window<'ok' | MeetingErrorReason>;
  private readonly refusals: Window<null>;
  private readonly recorder: Window<null>;
  private readonly restarts: Window<null>;
  private restartsBefore = 0;
  private told: { readonly hub: Hub; readonly bytes: number; readonly atMs: number }[] = [];

  constructor(private readonly parts: FactBookParts) {
    const { clock } = parts;
    this.ages = new Window(MINUTE_MS, clock);
    this.joins = new Window(JOINS_MS, clock);
    this.refusals = new Window(MINUTE_MS, clock);
    this.recorder = new Window(EVENTS_MS, clock);
    this.restarts = new Window(EVENTS_MS, clock);
  }

  joined(result: 'ok' | MeetingErrorReason): void {
    this.joins.note(result);
    if (result === 'full') this.refusals.note(null);
  }

  reported({ poseAgeMs }: ClientReport): void {
    if (poseAgeMs !== undefined) this.ages.note(poseAgeMs);
  }

  /** A recording ended by a fault, or its recorder did. */
  recorderFailed(): void {
    this.recorder.note(null);
  }

  facts(sample: SiteSample, oldestMessageMs: number | null): AlertFacts {
    const joins = this.joins.read();
    if ((sample.hubRestarts ?? 0) > this.restartsBefore) this.restarts.note(null);
    this.restartsBefore = sample.hubRestarts ?? 0;
    return {
      poseAgeMs: this.poseAgeMs(),
      joins: { failed: joins.filter((result) => result === 'unavailable').length, all: joins.length },
      seatsRefused: this.refusals.read().length,
      eventLoopLagMs: this.parts.eventLoopLagMs(),
      isDatabaseUp: sample.isDatabaseUp,
      diskFreeBytes: sample.diskFreeBytes,
      receivedBps: this.receivedBps(sample),
      bandwidthMaxBps: this.parts.bandwidthMaxBps,
      recorderFailures: this.recorder.read().length,
      hubRestarts: this.restarts.read().length,
      oldestMessageMs,
    };
  }

  private poseAgeMs(): number | null {
    const ages = this.ages.read().sort((a, b) => a - b);
    return ages.length < AGES_MIN ? null : ages[Math.ceil(ages.length * AGE_SHARE) - 1]!;
  }

  /** Poses and media of the hub together, shared out over those who receive; null until it has told its counts twice. */
  private receivedBps({ hub }: SiteSample): number | null {
    if (hub) this.noteTold(hub);
    else this.told = [];
    const [first, last] = [this.told[0], this.told.at(-1)];
    if (!hub || hub.channels === 0 || !first || !last || last.atMs <= first.atMs) return null;
    return ((last.bytes - first.bytes) * BITS * SECOND_MS) / (last.atMs - first.atMs) / hub.channels;
  }

  /** The hub tells its counts less often than the site looks: the same again is nothing new. */
  private noteTold(hub: Hub): void {
    const last = this.told.at(-1);
    if (last?.hub === hub) return;
    const atMs = this.parts.clock.nowMs();
    const bytes = hub.bytesOut + (hub.media?.rtpBytesOut ?? 0);
    // It was started again.
    if (last && bytes < last.bytes) this.told = [];
    this.told.push({ hub, bytes, atMs });
    while (this.told.length > 2 && this.told[1]!.atMs <= atMs - RATE_MS) this.told.shift();
  }
}

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
const BITS = 8;

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

/** What the hub sends, shared out over those who receive. */
function receivedBps({ hub, sentBytesPerSecond }: SiteSample): number | null {
  return sentBytesPerSecond === null || !hub || hub.channels === 0 ? null : (sentBytesPerSecond * BITS) / hub.channels;
}

interface FactBookParts {
  /** Any monotonic scale. */
  readonly clock: Clock;
  readonly bandwidthMaxBps: number;
}

/** Gathers what the rules of the alerts look at. */
export class FactBook {
  private readonly ages: Window<number>;
  private readonly joins: Window<'ok' | MeetingErrorReason>;
  private readonly refusals: Window<null>;
  private readonly recorder: Window<null>;
  private readonly restarts: Window<null>;
  private restartsBefore = 0;

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
      eventLoopLagMs: sample.eventLoopLagMs,
      isDatabaseUp: sample.isDatabaseUp,
      diskFreeBytes: sample.diskFreeBytes,
      receivedBps: receivedBps(sample),
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
}

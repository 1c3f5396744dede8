import type { Scheduler } from '@/lib/core/clock';
import type { PoseReport } from '@/lib/quality/quality';
import type { Transport } from '@/lib/transport/transport';
import { AGE_STEP_MS, REPORT_MAX_BYTES, type ReportEntry, writeReport } from './controlMessages';
import { PoseLoop } from './poseLoop';
import type { PoseReceiver } from './receiver';

/** Time between two reports (rule M-20). */
const REPORT_EVERY_MS = 2_000;

/** How often a client that renders nothing plays what arrived, per second. */
const PLAYS_PER_SECOND = 10;

interface ReporterParts {
  readonly transport: Transport;
  readonly receiver: PoseReceiver;
  readonly scheduler: Scheduler;
  /** 0 .. 1 */
  readonly random: () => number;
  /** Whether a frame loop plays what arrives. */
  readonly isDrawn: boolean;
}

/** How the poses of the others arrive here. */
export interface Arrivals {
  /** The median over the others of their p95 ages as drawn (rule M-22), ms. */
  readonly ageMs: number;
  /** The worst share lost from one of them. */
  readonly lostShare: number;
}

/** Null without entries. */
function arrivalsOf(entries: readonly ReportEntry[]): Arrivals | null {
  const sorted = entries.map(({ ageMs }) => ageMs).sort((a, b) => a - b);
  const ageMs = sorted[Math.floor(sorted.length / 2)];
  return ageMs === undefined ? null : { ageMs, lostShare: Math.max(...entries.map(({ lostShare }) => lostShare)) };
}

/** Reports to all endpoints, every two seconds, how their poses arrive here. */
export class Reporter {
  private readonly packet = new Uint8Array(REPORT_MAX_BYTES);
  private readonly reports: PoseLoop;
  private readonly plays: PoseLoop | null;
  private cancelStart: (() => void) | null = null;
  private hasStarted = false;
  private isPaused = false;
  private latest: Arrivals | null = null;

  constructor(private readonly parts: ReporterParts) {
    const { receiver, scheduler, isDrawn } = parts;
    this.reports = new PoseLoop(() => this.report(), 1000 / REPORT_EVERY_MS, scheduler);
    this.plays = isDrawn ? null : new PoseLoop(() => receiver.play(scheduler.nowMs()), PLAYS_PER_SECOND, scheduler);
  }

  /** What the last report said of the others together; null if it was empty. */
  get arrivals(): Arrivals | null {
    return this.latest;
  }

  /** Starts at a random moment within the first two seconds, so that the reports of a meeting do not coincide. */
  start(): void {
    this.hasStarted = true;
    if (!this.isPaused) this.startLater();
  }

  /** A hidden page has nothing to report: what is not drawn has no age. */
  setPaused(isPaused: boolean): void {
    this.isPaused = isPaused;
    if (isPaused) this.stop();
    else if (this.hasStarted) this.startLater();
  }

  close(): void {
    this.hasStarted = false;
    this.stop();
  }

  private startLater(): void {
    if (this.cancelStart) return;
    const { scheduler, random } = this.parts;
    this.plays?.start();
    this.cancelStart = scheduler.schedule(() => this.reports.start(), (0.5 + random() / 2) * REPORT_EVERY_MS);
  }

  private stop(): void {
    this.cancelStart?.();
    this.cancelStart = null;
    this.reports.stop();
    this.plays?.stop();
    this.latest = null;
  }

  private report(): void {
    const entries = this.parts.receiver.report();
    this.latest = arrivalsOf(entries);
    if (entries.length > 0) this.parts.transport.broadcast(this.packet, writeReport(entries, this.packet));
  }
}

/** How long a report counts (rule M-25). */
const REPORT_VALID_MS = 6_000;

interface Noted extends PoseReport {
  readonly atMs: number;
}

/** The newest report of each endpoint on the local poses. */
export class ReportBook {
  private readonly byEndpoint = new Map<string, Noted>();

  note(endpointId: string, report: PoseReport, nowMs: number): void {
    this.byEndpoint.set(endpointId, { ...report, atMs: nowMs });
  }

  /** `endpointId` has left. */
  forget(endpointId: string): void {
    this.byEndpoint.delete(endpointId);
  }

  /** The local connection was replaced, and no report is about the new one yet. */
  clear(): void {
    this.byEndpoint.clear();
  }

  /** The reports that still count at `nowMs`. */
  newest(nowMs: number): PoseReport[] {
    return [...this.byEndpoint.values()].filter(({ atMs }) => nowMs - atMs <= REPORT_VALID_MS);
  }
}

const BUCKETS = 256;
const REPORTED_SHARE = 0.95;

/** A histogram of pose ages in the steps in which they are reported (rule M-22); the last step is open. Fixed memory. */
export class AgeHistogram {
  private readonly counts = new Uint32Array(BUCKETS);
  private total = 0;

  /** Ages noted since the last `clear`. */
  get count(): number {
    return this.total;
  }

  note(ageMs: number): void {
    const bucket = Math.max(0, Math.min(BUCKETS - 1, Math.round(ageMs / AGE_STEP_MS))) || 0;
    this.counts[bucket] = this.counts[bucket]! + 1;
    this.total += 1;
  }

  /** The 95th percentile, ms; 0 if nothing was noted. */
  p95Ms(): number {
    let left = this.total - Math.ceil(this.total * REPORTED_SHARE);
    let bucket = this.total === 0 ? 0 : BUCKETS - 1;
    while (bucket > 0 && left >= this.counts[bucket]!) {
      left -= this.counts[bucket]!;
      bucket -= 1;
    }
    return bucket * AGE_STEP_MS;
  }

  clear(): void {
    this.counts.fill(0);
    this.total = 0;
  }
}

import type { Scheduler } from '@/lib/core/clock';
import type { PoseReport } from '@/lib/quality/quality';
import type { Transport } from '@/lib/transport/transport';
import { AGE_STEP_MS, REPORT_MAX_BYTES, type ReportEntry, writeReport } from './controlMessages';
import { PoseLoop } from './poseLoop';
import type { PoseReceiver } from './receiver';

/** Time between two reports (rule M-20). */
const REPORT_EVERY_MS = 2_000;

/** How often who draws nothing looks at what has come, a second. */
const LOOKS_PER_SECOND = 10;

/** What a reporter is made of. */
export interface ReporterParts {
  readonly transport: Transport;
  readonly receiver: PoseReceiver;
  readonly scheduler: Scheduler;
  /** 0 .. 1 */
  readonly random: () => number;
  /** Whether a frame loop plays what comes. */
  readonly isDrawn: boolean;
}

/** The middle of some ages, ms; null of none. */
function medianAgeMs(entries: readonly ReportEntry[]): number | null {
  const sorted = entries.map(({ ageMs }) => ageMs).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}

/** Tells everybody, every two seconds, how their poses arrive here. */
export class Reporter {
  private readonly packet = new Uint8Array(REPORT_MAX_BYTES);
  private readonly reports: PoseLoop;
  private readonly looks: PoseLoop | null;
  private callOffStart: (() => void) | null = null;
  private hasStarted = false;
  private isPaused = false;
  private othersAge: number | null = null;

  constructor(private readonly parts: ReporterParts) {
    const { receiver, scheduler, isDrawn } = parts;
    this.reports = new PoseLoop(() => this.report(), 1000 / REPORT_EVERY_MS, scheduler);
    this.looks = isDrawn ? null : new PoseLoop(() => receiver.look(scheduler.nowMs()), LOOKS_PER_SECOND, scheduler);
  }

  /** Median age of the others' poses in the last report, ms; null where it told of nobody. */
  get othersAgeMs(): number | null {
    return this.othersAge;
  }

  /** Begins, at a moment of its own within the first two seconds, so that not everybody reports at once. */
  start(): void {
    this.hasStarted = true;
    if (!this.isPaused) this.startLater();
  }

  /** While nobody looks there is nothing to report: what is not drawn has no age. */
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
    if (this.callOffStart) return;
    const { scheduler, random } = this.parts;
    this.looks?.start();
    this.callOffStart = scheduler.schedule(() => this.reports.start(), (0.5 + random() / 2) * REPORT_EVERY_MS);
  }

  private stop(): void {
    this.callOffStart?.();
    this.callOffStart = null;
    this.reports.stop();
    this.looks?.stop();
    this.othersAge = null;
  }

  private report(): void {
    const entries = this.parts.receiver.report();
    this.othersAge = medianAgeMs(entries);
    if (entries.length > 0) this.parts.transport.broadcast(this.packet, writeReport(entries, this.packet));
  }
}

/** A report that is older says nothing of now (rule M-25). */
const REPORT_VALID_MS = 6_000;

interface Noted extends PoseReport {
  readonly atMs: number;
}

/** What the others last said of one's own poses: one report of each endpoint, the newest. */
export class ReportBook {
  private readonly byEndpoint = new Map<string, Noted>();

  note(endpointId: string, report: PoseReport, nowMs: number): void {
    this.byEndpoint.set(endpointId, { ...report, atMs: nowMs });
  }

  /** Somebody has gone. */
  forget(endpointId: string): void {
    this.byEndpoint.delete(endpointId);
  }

  /** One's own connection is another now, of which nobody has said anything yet. */
  clear(): void {
    this.byEndpoint.clear();
  }

  /** The reports that are not too old at `nowMs`. */
  newest(nowMs: number): PoseReport[] {
    return [...this.byEndpoint.values()].filter(({ atMs }) => nowMs - atMs <= REPORT_VALID_MS);
  }
}

const BUCKETS = 256;
const REPORTED_SHARE = 0.95;

/** Ages of poses in the steps in which they are reported (rule M-22); the last step means that or more. Fixed memory. */
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

  /** The 95th percentile, ms; 0 where nothing was noted. */
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

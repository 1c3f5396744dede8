import type { Transport } from '@/lib/transport/transport';
import { PoseLoop, type Scheduler } from './poseLoop';
import type { PoseReceiver } from './receiver';
import { REPORT_MAX_BYTES, type ReportEntry, writeReport } from './receiverReport';

/** Time between two reports (rule M-20). */
export const REPORT_EVERY_MS = 2_000;

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

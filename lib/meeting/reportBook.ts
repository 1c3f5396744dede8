import type { PoseReport } from '@/lib/quality/quality';

/** A report that is older says nothing of now (rule M-25). */
export const REPORT_VALID_MS = 6_000;

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

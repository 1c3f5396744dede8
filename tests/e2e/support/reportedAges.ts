import { readReport } from '@/lib/meeting/controlMessages';
import type { Transport } from '@/lib/transport/transport';

/** Collects receivers' reports in a meeting: pose age as played, p95 of two seconds each, ms. */
export class ReportedAges {
  readonly agesMs: number[] = [];
  /** Number of those reports with lost packets. */
  losses = 0;

  constructor(transport: Transport) {
    transport.events.on('packet', ({ bytes }) => {
      for (const endpointId of transport.endpoints.keys()) this.note(bytes, endpointId);
    });
  }

  begin(): void {
    this.agesMs.length = 0;
    this.losses = 0;
  }

  private note(bytes: Uint8Array, endpointId: string): void {
    const report = readReport(bytes, endpointId);
    if (!report) return;
    this.agesMs.push(report.ageMs);
    if (report.lostShare > 0) this.losses += 1;
  }
}

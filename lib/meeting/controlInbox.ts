import type { Clock } from '@/lib/core/clock';
import type { PoseReport } from '@/lib/quality/quality';
import type { Endpoint, Transport } from '@/lib/transport/transport';
import { type ControlKind, isReport, KEYFRAME_REQUEST, readReport } from './controlMessages';
import type { ControlTaker, DropReason } from './receiver';
import { ReportBook } from './reports';

interface ControlInboxParts {
  readonly transport: Transport;
  readonly clock: Clock;
  /** `endpointId` asks for a keyframe. */
  onKeyframeAsked(endpointId: string): void;
}

/** Takes control messages: keyframe requests, and reports on how the local poses arrive. */
export class ControlInbox implements ControlTaker {
  private readonly book = new ReportBook();

  constructor(private readonly parts: ControlInboxParts) {}

  take(kind: ControlKind, from: Endpoint, bytes: Uint8Array, isSeated: boolean): DropReason | null {
    return kind === 'report' ? this.takeReport(from, bytes, isSeated) : this.takeRequest(from, bytes);
  }

  /** The newest report of each receiver on the local poses. */
  reports(): PoseReport[] {
    return this.book.newest(this.parts.clock.nowMs());
  }

  /** `endpointId` has left. */
  forget(endpointId: string): void {
    this.book.forget(endpointId);
  }

  /** The local channel was replaced: earlier reports say nothing about it. */
  clear(): void {
    this.book.clear();
  }

  private takeRequest({ endpointId }: Endpoint, bytes: Uint8Array): DropReason | null {
    if (bytes.length !== KEYFRAME_REQUEST.length) return 'malformed';
    this.parts.onKeyframeAsked(endpointId);
    return null;
  }

  /** Counts reports of seated participants only: their number is bounded, so no crowd of strangers outvotes them (rule M-24). */
  private takeReport({ endpointId }: Endpoint, bytes: Uint8Array, isSeated: boolean): DropReason | null {
    if (!isReport(bytes)) return 'malformed';
    if (!isSeated) return 'notSeated';
    const report = readReport(bytes, this.parts.transport.endpointId);
    if (report) this.book.note(endpointId, report, this.parts.clock.nowMs());
    return null;
  }
}

import type { Clock } from '@/lib/core/clock';
import { type ClientReport, RECONNECTS_REPORTED_MAX, REPORTED_MAX_MS, type ReconnectReport } from '@/lib/core/meeting';
import type { Arrivals } from '@/lib/meeting/reports';
import type { Transport } from '@/lib/transport/transport';
import type { AttendanceState } from './attendanceState';

/** A time as a report may tell it. */
const told = (ms: number) => Math.round(Math.min(Math.max(0, ms), REPORTED_MAX_MS));

/** Measures how an attendance fares, for the reports that go with its heartbeats: each thing is told once. */
export class AttendanceMeter {
  private askedAtMs: number | null = null;
  private joinedAfterMs: number | null = null;
  private lostAtMs: number | null = null;
  private lostKind: ReconnectReport['kind'] = 'link';
  private reconnects: ReconnectReport[] = [];

  constructor(private readonly clock: Clock) {}

  /** The attendance has entered this state. */
  note(state: AttendanceState<Transport>): void {
    switch (state.phase) {
      case 'connecting':
        this.askedAtMs ??= this.clock.nowMs();
        break;
      case 'reconnecting':
        this.lostAtMs ??= this.clock.nowMs();
        if (state.tries) this.lostKind = 'stay';
        break;
      case 'live':
        this.onLive(this.clock.nowMs());
    }
  }

  /** What there is to tell, with how poses arrive now; null for nothing. */
  take(arrivals: Arrivals | null): ClientReport | null {
    const { joinedAfterMs, reconnects } = this;
    if (!arrivals && joinedAfterMs === null && reconnects.length === 0) return null;
    this.joinedAfterMs = null;
    this.reconnects = [];
    return {
      ...(arrivals && { poseAgeMs: told(arrivals.ageMs), poseLostShare: arrivals.lostShare }),
      ...(joinedAfterMs !== null && { joinedAfterMs }),
      ...(reconnects.length > 0 && { reconnects }),
    };
  }

  private onLive(nowMs: number): void {
    if (this.lostAtMs !== null) {
      const reconnect = { kind: this.lostKind, tookMs: told(nowMs - this.lostAtMs) };
      this.reconnects = [...this.reconnects, reconnect].slice(-RECONNECTS_REPORTED_MAX);
    } else if (this.askedAtMs !== null) this.joinedAfterMs = told(nowMs - this.askedAtMs);
    this.askedAtMs = null;
    this.lostAtMs = null;
    this.lostKind = 'link';
  }
}

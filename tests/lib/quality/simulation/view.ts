import type { PoseReport } from '@/lib/quality/quality';
import type { SimPacket } from './link';

/** What one receiver sees of one sender. */
export class SimView {
  private newest: SimPacket | null = null;
  private received = 0;
  private firstSequence = 0;
  private readonly ages: number[] = [];
  /** The age in the last report. */
  reportedAgeMs: number | null = null;
  /** Age of the oldest pose seen, ms. */
  worstAgeMs = 0;

  take(packet: SimPacket): void {
    if (this.newest === null) this.firstSequence = packet.sequence;
    this.newest = packet;
    this.received += 1;
  }

  /** Looks at the picture once. */
  look(nowMs: number): void {
    if (!this.newest) return;
    const ageMs = nowMs - this.newest.capturedMs + this.newest.spanMs;
    this.ages.push(ageMs);
    this.worstAgeMs = Math.max(this.worstAgeMs, ageMs);
  }

  /** The age now, ms; null before the first pose. */
  ageMs(nowMs: number): number | null {
    return this.newest && nowMs - this.newest.capturedMs + this.newest.spanMs;
  }

  /** Reports the time since the last report; null before the first pose. */
  report(): PoseReport | null {
    if (!this.newest || this.ages.length === 0) return null;
    this.ages.sort((a, b) => a - b);
    const ageMs = this.ages[Math.floor(0.95 * (this.ages.length - 1))]!;
    const sent = this.newest.sequence - this.firstSequence + 1;
    const lostShare = sent > 0 ? Math.max(0, 1 - this.received / sent) : 0;
    this.ages.length = 0;
    this.reportedAgeMs = ageMs;
    this.received = 0;
    this.firstSequence = this.newest.sequence + 1;
    return { ageMs, lostShare };
  }

  forget(): void {
    this.newest = null;
    this.reportedAgeMs = null;
    this.ages.length = 0;
    this.received = 0;
  }
}

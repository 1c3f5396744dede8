import { JitterWindow } from './jitterWindow';
import { PacketStep } from './packetStep';

/**
 * A larger delay must earn itself: 60 ms more are worth it where they spare guessing at more than this share of all
 * moments. So the delay covers jitter, which fills that range densely, and leaves rare stalls to the drift.
 */
const WORTH_MS = 60;
const WORTH_SHARE = 0.06;
/** Whatever the reason, no larger share of all moments is left to the drift. */
const LATE_MAX_SHARE = 0.25;

const DELAY_MAX_MS = 400;
const DELAY_STEP_MS = 1;
/** What is told as the jitter: the lateness that this share of the packets does not exceed. */
const JITTER_SHARE = 0.9;

/**
 * How far behind the quickest frame a sender is played. At a moment, the newest frame there is lies behind by the
 * lateness of its packet and by the time since, evenly between nothing and a packet's step; of that sum the distribution
 * is known, so also at which share of all moments a delay is too short.
 */
export class PlayoutDelay {
  private readonly jitter = new JitterWindow();
  private readonly step = new PacketStep();
  private arrivalMs = Number.NaN;
  private newestMs = Number.NaN;
  private packetBeforeMs = Number.NaN;
  private currentMs = this.step.ms;

  /** The delay now. */
  get delayMs(): number {
    return this.currentMs;
  }

  /** How late nine of ten packets are at most. */
  get jitterMs(): number {
    return this.jitter.percentileMs(JITTER_SHARE);
  }

  /**
   * Notes a frame of `senderMs` that came at `arrivalMs`, `lateMs` behind the quickest, the quickest way having become
   * `riseMs` longer. Frames of one packet come at one time.
   */
  note(lateMs: number, senderMs: number, arrivalMs: number, riseMs = 0): void {
    const isSamePacket = arrivalMs === this.arrivalMs;
    if (!isSamePacket) this.beginPacket(arrivalMs);
    if (riseMs > 0) this.jitter.rise(riseMs);
    if (senderMs <= this.newestMs) return;
    this.newestMs = senderMs;
    this.jitter.note(lateMs, arrivalMs, isSamePacket);
    this.currentMs = this.smallestDelay();
  }

  /** Forgets everything. */
  reset(): void {
    this.jitter.reset();
    this.step.reset();
    this.arrivalMs = Number.NaN;
    this.newestMs = Number.NaN;
    this.packetBeforeMs = Number.NaN;
    this.currentMs = this.step.ms;
  }

  private beginPacket(arrivalMs: number): void {
    if (this.newestMs > this.packetBeforeMs) this.step.note(this.newestMs - this.packetBeforeMs);
    this.packetBeforeMs = this.newestMs;
    this.arrivalMs = arrivalMs;
  }

  private smallestDelay(): number {
    this.jitter.measure();
    let delayMs = 0;
    while (delayMs < DELAY_MAX_MS && !this.isEnough(delayMs)) delayMs += DELAY_STEP_MS;
    return delayMs;
  }

  private isEnough(delayMs: number): boolean {
    const lateShare = this.lateShare(delayMs);
    return lateShare <= LATE_MAX_SHARE && lateShare - this.lateShare(delayMs + WORTH_MS) <= WORTH_SHARE;
  }

  /** Share of all moments at which playing `delayMs` behind would be ahead of the newest frame. */
  private lateShare(delayMs: number): number {
    const { jitter, step } = this;
    return (jitter.excessMs(delayMs - step.ms) - jitter.excessMs(delayMs)) / step.ms;
  }
}

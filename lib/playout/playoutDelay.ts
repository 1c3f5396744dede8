import { JitterEstimate } from './jitterEstimate';

/** Share of the frames that shall be there when their turn comes. */
const ON_TIME_SHARE = 0.9;
const MARGIN_MS = 5;
/** Below 1.25 send intervals a buffer stutters; beyond 300 ms late frames are held instead. */
const INTERVALS_MIN = 1.25;
const JITTER_MAX_MS = 300;
const INTERVAL_MIN_MS = 8;
const INTERVAL_MAX_MS = 500;
const INTERVAL_WEIGHT = 0.15;
const INTERVAL_DEFAULT_MS = 1000 / 30;
/** How fast the delay grows and shrinks, ms a ms: growing late costs freezes, shrinking fast costs smoothness. */
const GROWTH = 0.12;
const SHRINKAGE = 0.03;

/** How far behind the quickest frame a sender is played: grows and shrinks with its jitter and its send interval. */
export class PlayoutDelay {
  private readonly jitter = new JitterEstimate();
  private intervalMs = INTERVAL_DEFAULT_MS;
  private targetMs = INTERVALS_MIN * INTERVAL_DEFAULT_MS;
  private currentMs = this.targetMs;
  private isSettled = false;

  /** The delay now. */
  get delayMs(): number {
    return this.currentMs;
  }

  /** Notes a frame that came `lateMs` behind the quickest and `stepMs` of sender time after the one before (or NaN). */
  note(lateMs: number, stepMs: number): void {
    this.jitter.note(lateMs);
    if (stepMs > 0 && stepMs < INTERVAL_MAX_MS) this.learnInterval(Math.max(INTERVAL_MIN_MS, stepMs));
    const needed = Math.min(JITTER_MAX_MS, this.jitter.percentileMs(ON_TIME_SHARE)) + this.intervalMs + MARGIN_MS;
    this.targetMs = Math.max(INTERVALS_MIN * this.intervalMs, needed);
  }

  /** Lets `elapsedMs` of playing pass. */
  advance(elapsedMs: number): void {
    const change = this.targetMs - this.currentMs;
    this.currentMs += Math.max(-SHRINKAGE * elapsedMs, Math.min(GROWTH * elapsedMs, change));
  }

  /** Forgets everything. */
  reset(): void {
    this.jitter.reset();
    this.intervalMs = INTERVAL_DEFAULT_MS;
    this.targetMs = INTERVALS_MIN * INTERVAL_DEFAULT_MS;
    this.currentMs = this.targetMs;
    this.isSettled = false;
  }

  private learnInterval(stepMs: number): void {
    if (this.isSettled) this.intervalMs += INTERVAL_WEIGHT * (stepMs - this.intervalMs);
    else {
      this.intervalMs = stepMs;
      this.currentMs = Math.max(this.currentMs, INTERVALS_MIN * stepMs);
      this.isSettled = true;
    }
  }
}

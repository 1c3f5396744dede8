import type { Clock } from '@/lib/core/clock';

/** How far the receiver's time runs ahead at a leap: further than what is read again before it. */
const LEAP_MS = 30_000;

/**
 * Where a replay is: a place in the recording's time that runs, stands, leaps, at any speed. As a {@link Clock} it is the time of the
 * meeting's receiver, which never goes back: leaps move the recording's time against it.
 */
export class ReplayClock implements Clock {
  private placeMs = 0;
  private placedAtMs: number;
  private aheadMs = 0;
  private limitMs = 0;
  private heldMs = Number.NaN;
  private speed = 1;
  private isRunning = false;

  constructor(private readonly wall: Clock) {
    this.placedAtMs = wall.nowMs();
  }

  /** The recording's time that is shown now, ms. */
  get positionMs(): number {
    if (!this.isRunning) return this.placeMs;
    const ranMs = (this.wall.nowMs() - this.placedAtMs) * this.speed;
    return Math.max(this.placeMs, Math.min(this.limitMs, this.placeMs + ranMs));
  }

  /** Recording's ms in a ms. */
  get rate(): number {
    return this.speed;
  }

  /** Whether time passes, as far as there is something to show. */
  get runs(): boolean {
    return this.isRunning;
  }

  /** The receiver's time, ms: of the record that is being handed over, else of the shown moment. */
  nowMs(): number {
    return (Number.isNaN(this.heldMs) ? this.positionMs : this.heldMs) + this.aheadMs;
  }

  /** Until {@link release} it is the receiver's time of a record that came at `timeMs` of the recording's time. */
  hold(timeMs: number): void {
    this.heldMs = timeMs;
  }

  release(): void {
    this.heldMs = Number.NaN;
  }

  start(): void {
    this.settle();
    this.isRunning = true;
  }

  stop(): void {
    this.settle();
    this.isRunning = false;
  }

  setRate(rate: number): void {
    this.settle();
    this.speed = rate;
  }

  /** Time stands at `limitMs` until the limit is raised. */
  setLimit(limitMs: number): void {
    this.settle();
    this.limitMs = limitMs;
  }

  /** Goes to another place and stands there until the next {@link setLimit}. */
  leap(toMs: number): void {
    const nowMs = this.positionMs + this.aheadMs;
    this.placeMs = toMs;
    this.limitMs = toMs;
    this.placedAtMs = this.wall.nowMs();
    this.aheadMs = nowMs + LEAP_MS - toMs;
  }

  private settle(): void {
    this.placeMs = this.positionMs;
    this.placedAtMs = this.wall.nowMs();
  }
}

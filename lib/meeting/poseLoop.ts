import { type Scheduler, systemScheduler } from '@/lib/core/clock';

/**
 * Calls `tick` at a steady rate: each call is scheduled from the first, so delays of timers do not add up. Calls missed
 * while the tab slept are skipped.
 */
export class PoseLoop {
  private dueMs = 0;
  private cancel: (() => void) | null = null;

  constructor(
    private readonly tick: () => void,
    private fps: number,
    private readonly scheduler: Scheduler = systemScheduler,
  ) {}

  /** Starts with a tick at once; does nothing if it is running. */
  start(): void {
    if (this.cancel) return;
    this.dueMs = this.scheduler.nowMs();
    this.plan();
  }

  /** Stops; no tick follows. */
  stop(): void {
    this.cancel?.();
    this.cancel = null;
  }

  /** Changes the rate; the next tick comes one new interval after the last. */
  setFps(fps: number): void {
    if (fps === this.fps) return;
    const lastMs = this.dueMs - 1000 / this.fps;
    this.fps = fps;
    if (!this.cancel) return;
    this.cancel();
    this.dueMs = lastMs + 1000 / fps;
    this.plan();
  }

  /** Ticks now instead of when the next tick is due, and continues from here. Does nothing if it is not running. */
  hasten(): void {
    if (!this.cancel) return;
    this.cancel();
    this.dueMs = this.scheduler.nowMs();
    this.run();
  }

  private plan(): void {
    this.cancel = this.scheduler.schedule(() => this.run(), Math.max(0, this.dueMs - this.scheduler.nowMs()));
  }

  private run(): void {
    const intervalMs = 1000 / this.fps;
    const missed = Math.floor((this.scheduler.nowMs() - this.dueMs) / intervalMs);
    this.dueMs += (Math.max(0, missed) + 1) * intervalMs;
    this.plan();
    this.tick();
  }
}

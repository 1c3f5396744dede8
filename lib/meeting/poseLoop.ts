import { type Scheduler, systemScheduler } from '@/lib/core/clock';

/**
 * Calls `tick` at a steady rate: every call is planned from the first one, so late timers do not add up. Calls that a
 * sleeping tab has missed are left out, not caught up.
 */
export class PoseLoop {
  private dueMs = 0;
  private callOff: (() => void) | null = null;

  constructor(
    private readonly tick: () => void,
    private fps: number,
    private readonly scheduler: Scheduler = systemScheduler,
  ) {}

  /** Begins with a tick at once; does nothing where it already runs. */
  start(): void {
    if (this.callOff) return;
    this.dueMs = this.scheduler.nowMs();
    this.plan();
  }

  /** Ends; no tick comes after it. */
  stop(): void {
    this.callOff?.();
    this.callOff = null;
  }

  /** Changes the rate; the next tick comes one new interval after the last. */
  setFps(fps: number): void {
    if (fps === this.fps) return;
    const lastMs = this.dueMs - 1000 / this.fps;
    this.fps = fps;
    if (!this.callOff) return;
    this.callOff();
    this.dueMs = lastMs + 1000 / fps;
    this.plan();
  }

  /** Ticks now instead of when the next tick is due; the beat goes on from here. Does nothing where it does not run. */
  hasten(): void {
    if (!this.callOff) return;
    this.callOff();
    this.dueMs = this.scheduler.nowMs();
    this.run();
  }

  private plan(): void {
    this.callOff = this.scheduler.schedule(() => this.run(), Math.max(0, this.dueMs - this.scheduler.nowMs()));
  }

  private run(): void {
    const intervalMs = 1000 / this.fps;
    const missed = Math.floor((this.scheduler.nowMs() - this.dueMs) / intervalMs);
    this.dueMs += (Math.max(0, missed) + 1) * intervalMs;
    this.plan();
    this.tick();
  }
}

import type { Log } from '@/lib/core/log';

/** With DROPPED_LIFE_MS, a seat is free within 5 s of its tab being closed. */
const SWEEP_INTERVAL_MS = 500;

/** Runs `sweep` again and again, never twice at a time; a failure is logged once and the next round tried. */
export class Sweeper {
  private timer: ReturnType<typeof setInterval> | null = null;
  private running: Promise<void> | null = null;
  private failing = false;

  constructor(
    private readonly sweep: () => Promise<void>,
    private readonly log: Log,
    private readonly intervalMs = SWEEP_INTERVAL_MS,
  ) {}

  /** Starts; a second call does nothing. */
  start(): void {
    this.timer ??= setInterval(() => {
      this.running ??= this.round().finally(() => {
        this.running = null;
      });
    }, this.intervalMs);
    this.timer.unref();
  }

  /** Stops, and waits for the round under way. */
  async stop(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
    await this.running;
  }

  private async round(): Promise<void> {
    try {
      await this.sweep();
      this.failing = false;
    } catch (error) {
      if (!this.failing) this.log.warn('stays cannot be swept just now', { error: String(error) });
      this.failing = true;
    }
  }
}

import type { Log } from '@/lib/core/log';

/** Together with DROPPED_LIFE_MS: a seat is free within 5 s of its tab closing. */
const SWEEP_INTERVAL_MS = 500;

/** Runs `sweep` periodically, one round at a time. A failure is logged once, and the next round tries again. */
export class Sweeper {
  private timer: ReturnType<typeof setInterval> | null = null;
  private running: Promise<void> | null = null;
  private failing = false;

  /** `task` names it in the log. */
  constructor(
    private readonly task: string,
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
      if (!this.failing) this.log.warn('a periodic task failed', { task: this.task, error: String(error) });
      this.failing = true;
    }
  }
}

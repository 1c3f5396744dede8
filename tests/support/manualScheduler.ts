import type { Scheduler } from '@/lib/core/clock';

interface Planned {
  readonly task: () => void;
  readonly dueMs: number;
}

/** Timers on a clock of their own; each fires `lateMs` after it is due. */
export class ManualScheduler implements Scheduler {
  private readonly planned = new Set<Planned>();

  constructor(
    private readonly lateMs: () => number = () => 0,
    private timeMs = 500,
  ) {}

  nowMs(): number {
    return this.timeMs;
  }

  schedule(task: () => void, delayMs: number): () => void {
    const planned = { task, dueMs: this.timeMs + delayMs + this.lateMs() };
    this.planned.add(planned);
    return () => this.planned.delete(planned);
  }

  /** Timers that have not fired. */
  get waiting(): number {
    return this.planned.size;
  }

  /** Lets `spanMs` pass and fires what becomes due, in order. */
  runFor(spanMs: number): void {
    const endMs = this.timeMs + spanMs;
    for (let next = this.first(); next && next.dueMs <= endMs; next = this.first()) {
      this.planned.delete(next);
      this.timeMs = Math.max(this.timeMs, next.dueMs);
      next.task();
    }
    this.timeMs = endMs;
  }

  /** Lets `spanMs` pass without any timer. */
  sleep(spanMs: number): void {
    this.timeMs += spanMs;
  }

  private first(): Planned | undefined {
    return [...this.planned].reduce<Planned | undefined>(
      (least, one) => (least && least.dueMs <= one.dueMs ? least : one),
      undefined,
    );
  }
}

const TICK_MS = 1;

/** Something that happens again and again, at its own moment within each period. */
export interface Beat {
  /** Moment within the period, ms. */
  readonly phaseMs: number;
  strike(): void;
}

/** Strikes every beat once a period, late ones as soon as it can; none is left out. */
export class Pacer {
  private readonly beats: readonly Beat[];
  private timer: NodeJS.Timeout | null = null;
  private next = 0;
  private periodStartMs = 0;

  constructor(
    beats: readonly Beat[],
    private readonly periodMs: number,
  ) {
    this.beats = [...beats].sort((a, b) => a.phaseMs - b.phaseMs);
  }

  start(): void {
    this.periodStartMs = performance.now();
    this.timer = setInterval(() => this.strikeDue(performance.now()), TICK_MS);
  }

  stop(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
  }

  private strikeDue(nowMs: number): void {
    while (this.periodStartMs + this.beats[this.next]!.phaseMs <= nowMs) {
      this.beats[this.next]!.strike();
      this.next += 1;
      if (this.next < this.beats.length) continue;
      this.next = 0;
      this.periodStartMs += this.periodMs;
    }
  }
}

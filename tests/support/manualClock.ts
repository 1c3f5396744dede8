import type { Clock } from '@/lib/core/clock';

/** A clock that stands still until a test moves it. */
export class ManualClock implements Clock {
  constructor(private timeMs = 0) {}

  nowMs(): number {
    return this.timeMs;
  }

  /** Moves the clock forward by `deltaMs` milliseconds. */
  advance(deltaMs: number): void {
    this.timeMs += deltaMs;
  }
}

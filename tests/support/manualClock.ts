import type { Clock } from '@/lib/core/clock';

<<<<<<< HEAD
/** A clock that stands still until a test moves it. */
=======
/** A clock that stands still until it is moved. */
>>>>>>> 3fe215d (lint: exports of production code that only tests use move to the tests)
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

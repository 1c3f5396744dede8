/** Lets `perSecond` units pass in the long run and up to `capacity` at once. Time comes in, so it owns no clock. */
export class TokenBucket {
  private level: number;
  private filledAtMs: number;

  constructor(
    private readonly perSecond: number,
    private readonly capacity: number,
    nowMs: number,
  ) {
    this.level = capacity;
    this.filledAtMs = nowMs;
  }

  /** Takes `amount` and returns true, or takes nothing and returns false. */
  tryTake(amount: number, nowMs: number): boolean {
    const elapsedMs = Math.max(0, nowMs - this.filledAtMs);
    this.level = Math.min(this.capacity, this.level + (elapsedMs / 1000) * this.perSecond);
    this.filledAtMs = nowMs;
    if (amount > this.level) return false;
    this.level -= amount;
    return true;
  }
}

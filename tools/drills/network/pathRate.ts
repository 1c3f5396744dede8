/** How often a slow path looks whether more may pass. */
const TICK_MS = 5;

/** Bytes that may pass at once after a pause: a large segment. */
const BURST_BYTES = 1_500;

/** One direction of a path, as its rate sees it. */
interface LimitedDirection {
  readonly isWaiting: boolean;
  /** Passes on what it may. */
  flush(): void;
}

/** Lets so many bits a second through, however late timers are on a busy machine. */
export class PathRate {
  private creditBytes = 0;
  private refilledAtMs = performance.now();
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly bitsPerS: number,
    private readonly direction: LimitedDirection,
  ) {
    this.timer = setInterval(() => this.tick(), TICK_MS).unref();
  }

  /** Bytes that may pass now; below 0 after a datagram that was larger. */
  get roomBytes(): number {
    return this.creditBytes;
  }

  passed(bytes: number): void {
    this.creditBytes -= bytes;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private tick(): void {
    const nowMs = performance.now();
    this.creditBytes += ((nowMs - this.refilledAtMs) * this.bitsPerS) / 8_000;
    this.refilledAtMs = nowMs;
    // What nobody used does not add up.
    if (!this.direction.isWaiting) this.creditBytes = Math.min(this.creditBytes, BURST_BYTES);
    this.direction.flush();
  }
}

import type { Delegate } from '../landmarkWorkerClient';

/** Pictures of a trial; the first ones build things up and do not count. */
export const TRIAL_PICTURES = 6;
const UNCOUNTED_PICTURES = 2;

/** A GPU that takes no longer is kept without looking at the CPU: it leaves the cores to the rest of the page (ms). */
const GPU_GOOD_MS = 20;

/**
 * Which of GPU and CPU reads pictures, by the time that the first pictures of each take: the GPU first, then, where that
 * is not clearly good, the CPU, then the quicker one for good.
 */
export class DelegateTrial {
  private readonly bestMs: Record<Delegate, number> = { GPU: Number.POSITIVE_INFINITY, CPU: Number.POSITIVE_INFINITY };
  private pictures = 0;
  private decided: boolean;

  constructor(private current: Delegate = 'GPU') {
    this.decided = current === 'CPU';
  }

  get delegate(): Delegate {
    return this.current;
  }

  /** Notes what a picture took; whether the delegate is another one now. */
  note(costMs: number): boolean {
    if (this.decided) return false;
    this.pictures += 1;
    if (this.pictures > UNCOUNTED_PICTURES) this.bestMs[this.current] = Math.min(this.bestMs[this.current], costMs);
    return this.pictures >= TRIAL_PICTURES && this.conclude();
  }

  /** The GPU does not work at all. */
  giveUpGpu(): void {
    this.current = 'CPU';
    this.decided = true;
  }

  private conclude(): boolean {
    this.pictures = 0;
    if (this.current === 'GPU' && this.bestMs.GPU > GPU_GOOD_MS) {
      this.current = 'CPU';
      return true;
    }
    this.decided = true;
    const before = this.current;
    this.current = this.bestMs.GPU < this.bestMs.CPU ? 'GPU' : 'CPU';
    return this.current !== before;
  }
}

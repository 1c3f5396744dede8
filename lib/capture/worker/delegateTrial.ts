import type { Delegate } from '../landmarkWorkerClient';

/** Pictures of a trial; the first ones do not count, as they include set-up. */
export const TRIAL_PICTURES = 6;
const UNCOUNTED_PICTURES = 2;

/** A GPU this fast is kept without a trial of the CPU, as it leaves the cores to the rest of the page, ms. */
const GPU_GOOD_MS = 20;

/**
 * Chooses GPU or CPU by how long each takes for its first pictures: tries the GPU first, then the CPU unless the GPU is
 * clearly fast, and keeps the faster one for good.
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

  /** Notes what a picture took; returns whether the delegate has changed. */
  note(costMs: number): boolean {
    if (this.decided) return false;
    this.pictures += 1;
    if (this.pictures > UNCOUNTED_PICTURES) this.bestMs[this.current] = Math.min(this.bestMs[this.current], costMs);
    return this.pictures >= TRIAL_PICTURES && this.conclude();
  }

  /** For when the GPU does not work at all. */
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

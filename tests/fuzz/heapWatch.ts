const MB = 1024 * 1024;
/** A heap that has settled may differ by this between two looks: code that was compiled anew, caches of the engine. */
const GROWTH_MAX_MB = 8;
/** What is no longer used is freed beside the work, so a single look may find it still there: the least of some counts. */
const LOOKS = 6;

const collect = (globalThis as { gc?: () => void }).gc;

function usedMb(): number {
  // The second collection begins by ending the sweep of the first.
  collect?.();
  collect?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / MB;
}

/** Watches that what lives on the heap doesn't grow. Needs `--expose-gc`. */
export class HeapWatch {
  private firstMb: number | null = null;
  private readonly recentMb: number[] = [];

  constructor(private readonly measureMb: () => number = usedMb) {
    if (measureMb === usedMb && !collect) throw new Error('run with --expose-gc');
  }

  /** Looks after a collection; the first look is the measure. Returns the megabytes in use. @throws Error where it has grown. */
  look(): number {
    const nowMb = this.measureMb();
    this.firstMb ??= nowMb;
    this.recentMb.push(nowMb);
    if (this.recentMb.length > LOOKS) this.recentMb.shift();
    const leastMb = Math.min(...this.recentMb);
    if (leastMb > this.firstMb + GROWTH_MAX_MB) {
      throw new Error(`memory has grown from ${this.firstMb.toFixed(1)} to ${leastMb.toFixed(1)} MB and stays there`);
    }
    return nowMb;
  }
}

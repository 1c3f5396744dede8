const MB = 1024 * 1024;
/** A settled heap may differ by this much between two looks, by recompiled code and the engine's caches. */
const GROWTH_MAX_MB = 8;
/** Garbage is freed in the background, so a single look may still find it: the least of this many looks counts. */
const LOOKS = 6;

const collect = (globalThis as { gc?: () => void }).gc;

function usedMb(): number {
  // The second collection starts by finishing the sweep of the first.
  collect?.();
  collect?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / MB;
}

/** Checks that live memory on the heap does not grow. Needs `--expose-gc`. */
export class HeapWatch {
  private firstMb: number | null = null;
  private readonly recentMb: number[] = [];

  constructor(private readonly measureMb: () => number = usedMb) {
    if (measureMb === usedMb && !collect) throw new Error('run with --expose-gc');
  }

  /**
   * Looks at the heap after a collection; later looks are compared with the first. Returns the megabytes in use. @throws
   * Error where the heap has grown.
   */
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

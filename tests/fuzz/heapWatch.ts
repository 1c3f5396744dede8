const MB = 1024 * 1024;
/** A settled heap may differ by this between two looks: recompiled code, caches of the engine. */
const GROWTH_MAX_MB = 8;
/** Garbage is freed concurrently, so a single look may still find it: the least of several looks counts. */
const LOOKS = 6;

const collect = (globalThis as { gc?: () => void }).gc;

function usedMb(): number {
  // The second collection begins by ending the sweep of the first.
  collect?.();
  collect?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / MB;
}

/** Checks that the heap does not grow. Needs `--expose-gc`. */
export class HeapWatch {
  private firstMb: number | null = null;
  private readonly recentMb: number[] = [];

  constructor(private readonly measureMb: () => number = usedMb) {
    if (measureMb === usedMb && !collect) throw new Error('HeapWatch needs node --expose-gc');
  }

  /** Measures the heap after a collection, compared with the first look. Returns megabytes in use. @throws Error if it grew */
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

import type { CDPSession, Page } from 'playwright-core';
import type { ProfileNode } from './allocations';

/** Mean bytes between two sampled allocations. */
const SAMPLING_BYTES = 512;
const MEGABYTE = 1_000_000;

/** What a page's main thread spends, as the browser counts it. */
export class PageMeter {
  private constructor(private readonly devtools: CDPSession) {}

  static async open(page: Page): Promise<PageMeter> {
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Performance.enable');
    await devtools.send('HeapProfiler.enable');
    return new PageMeter(devtools);
  }

  /** CPU time of the main thread for `work`, ms; waiting does not count. */
  async cpuMs(work: () => Promise<void>): Promise<number> {
    const before = await this.threadTimeS();
    await work();
    return ((await this.threadTimeS()) - before) * 1000;
  }

  /** What scripts hold after a garbage collection: objects and the buffers of typed arrays, megabytes. */
  async heapMegabytes(): Promise<number> {
    await this.devtools.send('HeapProfiler.collectGarbage');
    const { usedSize, backingStorageSize } = await this.devtools.send('Runtime.getHeapUsage');
    return (usedSize + backingStorageSize) / MEGABYTE;
  }

  /** Samples what `work` allocates, including what is garbage by its end. */
  async allocationsOf(work: () => Promise<void>): Promise<ProfileNode> {
    await this.devtools.send('HeapProfiler.startSampling', {
      samplingInterval: SAMPLING_BYTES,
      includeObjectsCollectedByMajorGC: true,
      includeObjectsCollectedByMinorGC: true,
    });
    await work();
    const { profile } = await this.devtools.send('HeapProfiler.stopSampling');
    return profile.head;
  }

  private async threadTimeS(): Promise<number> {
    const { metrics } = await this.devtools.send('Performance.getMetrics');
    const time = metrics.find(({ name }) => name === 'ThreadTime')?.value;
    if (time === undefined) throw new Error('This browser does not report the CPU time of a page.');
    return time;
  }
}

import { fileURLToPath } from 'node:url';
import { ProcessLink } from '@/tools/bench/hub/processLink';

/** A flood of requests: pages from thousands of addresses, and look-ups of a meeting from one. */
export interface FloodOrder {
  readonly pageUrls: readonly string[];
  readonly getUrl: string;
  readonly pagesPerSecond: number;
  readonly getsPerSecond: number;
  readonly forMs: number;
}

/** Answers by HTTP status; `none` where there was no answer. */
export interface FloodAnswer {
  readonly pages: Readonly<Record<string, number>>;
  readonly gets: Readonly<Record<string, number>>;
}

const MODULE = fileURLToPath(new URL('floodProcess.ts', import.meta.url));

/** A process that floods a site, apart from the one that measures. */
export class PageFlood {
  private readonly link = ProcessLink.start<FloodOrder, FloodAnswer>(MODULE, []);

  run(order: FloodOrder): Promise<FloodAnswer> {
    return this.link.ask(order);
  }

  close(): Promise<void> {
    return this.link.kill();
  }
}

import type { Browser, CDPSession } from 'playwright-core';
import type { ParleyStats, SessionPhase } from '@/lib/meeting/stats';
import { openVisitor, type Visitor } from '@/tests/e2e/support/browser';
import { autojoinLink, readStats, waitUntilLive } from '@/tests/e2e/support/parleyPage';
import type { Listener } from './listening';
import { PAGE_PROBE, type PageProbe } from './pageProbe';

export interface PageOptions {
  /** Where the page is opened: the server, or a proxy before it. */
  readonly url: string;
  readonly meetingId: string;
  readonly name: string;
  /** Run in the page before anything else. */
  readonly initScript?: string;
  /** Address of a BVH clip and what is served there. */
  readonly motion?: { readonly path: string; readonly clip: string };
}

/** A moment of a page's stay. */
export interface StayMoment {
  readonly atMs: number;
  readonly connection: SessionPhase;
}

/** A real browser with the page, in a seat. */
export class PageParticipant implements Listener {
  private constructor(
    readonly name: string,
    private readonly visitor: Visitor,
    /** The browser's own switches for this page. */
    readonly devtools: CDPSession,
  ) {}

  /** Opens the page and resolves once it is live. */
  static async join(browser: Browser, options: PageOptions): Promise<PageParticipant> {
    const { url, meetingId, name, initScript, motion } = options;
    const visitor = await openVisitor(browser, url);
    await visitor.context.addInitScript(PAGE_PROBE);
    if (initScript) await visitor.context.addInitScript(initScript);
    if (motion) {
      await visitor.page.route(`**${motion.path}`, (route) =>
        route.fulfill({ body: motion.clip, contentType: 'text/plain' }),
      );
    }
    const participant = new PageParticipant(name, visitor, await visitor.context.newCDPSession(visitor.page));
    await visitor.page.goto(autojoinLink(url, meetingId, { name, ...(motion ? { motion: motion.path } : {}) }));
    await waitUntilLive(visitor.page, 60_000);
    return participant;
  }

  async stats(): Promise<ParleyStats> {
    return (await readStats(this.visitor.page)).stats;
  }

  async lastHeardMs(): Promise<ReadonlyMap<string, number>> {
    return new Map((await this.probe()).heard);
  }

  /** Every change of the stay so far. */
  async moments(): Promise<readonly StayMoment[]> {
    return (await this.probe()).moments;
  }

  /** Most others with a seat that the page has shown at once. */
  async mostOthers(): Promise<number> {
    return (await this.probe()).mostOthers;
  }

  /** Bytes of the page's heap that are in use after everything unused was thrown away. */
  async heapBytes(): Promise<number> {
    await this.devtools.send('HeapProfiler.collectGarbage');
    return (await this.devtools.send('Runtime.getHeapUsage')).usedSize;
  }

  /** Runs a script in the page. */
  evaluate<Result>(script: string): Promise<Result> {
    return this.visitor.page.evaluate(script) as Promise<Result>;
  }

  async close(): Promise<void> {
    await this.visitor.context.close();
  }

  private probe(): Promise<PageProbe> {
    return this.evaluate<PageProbe>('globalThis.drillProbe.read()');
  }
}

import type { Browser, CDPSession } from 'playwright-core';
import type { ParleyStats, SessionPhase } from '@/lib/meeting/stats';
import { openVisitor, type Visitor } from '@/tests/e2e/support/browser';
import { autojoinLink, readStats, waitUntilLive } from '@/tests/e2e/support/parleyPage';
import type { Listener } from './listening';

/** What the probe in a page has recorded, by the machine's wall clock. */
export interface PageProbe {
  /** Person id, and when a pose of that person last came. */
  readonly heard: ReadonlyArray<readonly [personId: string, atMs: number]>;
  readonly moments: readonly ConnectionChange[];
  readonly said: readonly Sentence[];
  readonly mostOthers: number;
}

/**
 * Reads `parley.stats()` forty times a second and records changes. It keeps the page's real clocks, whatever a drill does to
 * `Date`.
 */
const PAGE_PROBE = `(() => {
  const clock = performance;
  const zeroMs = clock.timeOrigin;
  const nowMs = () => zeroMs + clock.now();
  const heard = new Map();
  const counts = new Map();
  const moments = [];
  const said = [];
  let mostOthers = 0;
  setInterval(() => {
    const sentence = Array.from(document.querySelectorAll('[role=status]'), (one) => one.textContent).join(' ').trim();
    if ((said.at(-1)?.sentence ?? '') !== sentence) said.push({ atMs: nowMs(), sentence });
    const stats = globalThis.parley?.stats();
    if (!stats) return;
    if (moments.at(-1)?.connection !== stats.connection) moments.push({ atMs: nowMs(), connection: stats.connection });
    mostOthers = Math.max(mostOthers, stats.participants.length);
    for (const { id, posesReceived } of stats.participants) {
      if (posesReceived > 0 && counts.get(id) !== posesReceived) heard.set(id, nowMs());
      counts.set(id, posesReceived);
    }
  }, 25);
  globalThis.drillProbe = { read: () => ({ heard: [...heard], moments, said, mostOthers }) };
})();`;

export interface PageOptions {
  /** Where the page opens: the server, or a proxy in front of it. */
  readonly url: string;
  readonly meetingId: string;
  readonly name: string;
  /** Runs in the page before anything else. */
  readonly initScript?: string;
  /** A BVH clip and the path that serves it. */
  readonly motion?: { readonly path: string; readonly clip: string };
}

/** A change of a page's connection. */
export interface ConnectionChange {
  readonly atMs: number;
  readonly connection: SessionPhase;
}

/** What a page says about its connection and quality, from a moment on; '' for nothing. */
export interface Sentence {
  readonly atMs: number;
  readonly sentence: string;
}

/** The page in a real browser, as a participant. */
export class PageParticipant implements Listener {
  private constructor(
    readonly name: string,
    private readonly visitor: Visitor,
    /** The browser's developer protocol for this page. */
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
    await waitUntilLive(visitor.page);
    return participant;
  }

  async stats(): Promise<ParleyStats> {
    return (await readStats(this.visitor.page)).stats;
  }

  async lastHeardMs(): Promise<ReadonlyMap<string, number>> {
    return new Map((await this.probe()).heard);
  }

  /** Every change of the connection so far. */
  async moments(): Promise<readonly ConnectionChange[]> {
    return (await this.probe()).moments;
  }

  /** Everything that the page has said about its connection and quality. */
  async said(): Promise<readonly Sentence[]> {
    return (await this.probe()).said;
  }

  /** Largest number of other participants that the page has shown at once. */
  async mostOthers(): Promise<number> {
    return (await this.probe()).mostOthers;
  }

  /** Bytes of the page's heap in use after a garbage collection. */
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

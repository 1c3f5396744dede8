import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DRILLS, reportTable, runDrill } from '@/tools/drills/runDrills';
import { DrillServer } from '@/tools/drills/support/drillServer';
import { type DrillSetting, QUICK_SCALE } from '@/tools/drills/support/drillWorld';
import { chromiumPath } from './browser';
import { connectChromium } from './sharedChromium';

/** Only ends a drill that hangs, or that waits for others that do. */
const DRILL_MAX_MS = 600_000;

/** Drills at the same time: each has a server and a crowd to start, which two cores must keep alive meanwhile. */
const AT_ONCE = 3;
let running = 0;
const waiting: Array<() => void> = [];

/** Runs `work` once there is room for it. */
async function inRoom<Result>(work: () => Promise<Result>): Promise<Result> {
  if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  running += 1;
  try {
    return await work();
  } finally {
    running -= 1;
    waiting.shift()?.();
  }
}

/** For drills that share the machine with other tests, and their browser. */
export const IN_SHORT: Pick<DrillSetting, 'scale' | 'onBusyMachine' | 'openBrowser' | 'say'> = {
  scale: QUICK_SCALE,
  onBusyMachine: true,
  openBrowser: connectChromium,
  say: () => {},
};

/** Names of drills. */
interface DrillsInShort {
  /** Run at the same time: they mostly wait, and no one of them disturbs another. */
  readonly sideBySide: readonly string[];
  /** Run one after the other, afterwards. */
  readonly inTurn: readonly string[];
  /** Those of them that cannot run here. */
  readonly impossible?: readonly string[];
}

/**
 * Tests that run drills in short, on one server or on those that they start. What is judged does not depend on load;
 * `npm run drills` runs every drill at full length and judges times too.
 */
export function testDrillsInShort({ sideBySide, inTurn, impossible = [] }: DrillsInShort): void {
  describe.skipIf(!chromiumPath)('drills, in short', () => {
    let server: DrillServer;

    beforeAll(async () => {
      server = await DrillServer.start({ TRUST_PROXY: 'on' });
    });

    afterAll(() => server?.stop());

    for (const name of [...sideBySide, ...inTurn]) {
      const test = it.skipIf(impossible.includes(name));
      const options = { timeout: DRILL_MAX_MS, concurrent: sideBySide.includes(name) };
      test(`drill ${name} passes in short`, options, async () => {
        const drill = DRILLS.find((one) => one.name === name);
        const report = await inRoom(() => runDrill(drill!, { ...IN_SHORT, url: server.url, server }));
        expect(report.verdict, reportTable([report])).toBe('PASS');
      });
    }
  });
}

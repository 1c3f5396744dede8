import type { Browser, Page } from 'playwright-core';
import { createParleyClient } from '@/lib/api';
import type { ParleyStats } from '@/lib/meeting/stats';
import { launchChromium, openVisitor } from '@/tests/e2e/support/browser';
import { autojoinLink, waitUntilLive } from '@/tests/e2e/support/parleyPage';
import { startParley } from '@/tests/e2e/support/parleyServer';
import { median } from '@/tools/statistics';
import type { Bench, BenchResult, Say } from './benchResult';

const WARM_RUNS = 10;

/** Counts the bytes a page receives, compressed as they were sent. */
class TransferMeter {
  private bytes = 0;

  static async start(page: Page): Promise<TransferMeter> {
    const meter = new TransferMeter();
    const devtools = await page.context().newCDPSession(page);
    await devtools.send('Network.enable');
    devtools.on('Network.loadingFinished', ({ encodedDataLength }) => {
      meter.bytes += encodedDataLength;
    });
    return meter;
  }

  get kilobytes(): number {
    return this.bytes / 1000;
  }
}

/** Milliseconds from the click on Join to the first remote pose drawn, by the page's own clock. */
async function joinOnce(page: Page): Promise<number> {
  const button = page.getByRole('button', { name: 'Join', exact: true });
  await button.waitFor();
  await page.evaluate(() => {
    const marks = globalThis as unknown as { clickedMs?: number; drawnMs?: number; parley: { stats(): ParleyStats } };
    const look = () => {
      const [other] = marks.parley.stats().participants;
      const isDrawn = other !== undefined && other.posesReceived > 0 && other.bones.some((value) => value !== 0);
      if (isDrawn) marks.drawnMs = performance.now();
      else requestAnimationFrame(look);
    };
    const onClick = () => {
      marks.clickedMs = performance.now();
      requestAnimationFrame(look);
    };
    document.addEventListener('click', onClick, { capture: true, once: true });
  });
  await button.click();
  await page.waitForFunction(() => (globalThis as { drawnMs?: number }).drawnMs !== undefined, undefined, {
    polling: 20,
  });
  return page.evaluate(() => {
    const marks = globalThis as unknown as { clickedMs: number; drawnMs: number };
    return marks.drawnMs - marks.clickedMs;
  });
}

async function coldTransfer(
  browser: Browser,
  origin: string,
  lobbyUrl: string,
): Promise<{ lobby: number; scene: number }> {
  const { page, context } = await openVisitor(browser, origin, { displayHz: null });
  const meter = await TransferMeter.start(page);
  await page.goto(lobbyUrl, { waitUntil: 'networkidle' });
  const lobby = meter.kilobytes;
  await joinOnce(page);
  await page.waitForTimeout(2000);
  const scene = meter.kilobytes - lobby;
  await context.close();
  return { lobby, scene };
}

async function warmRuns(browser: Browser, origin: string, lobbyUrl: string, say: Say): Promise<number[]> {
  const { page, context } = await openVisitor(browser, origin, { displayHz: null });
  const times: number[] = [];
  // The first run fills the caches and does not count.
  for (let run = 0; run <= WARM_RUNS; run += 1) {
    await page.goto(lobbyUrl, { waitUntil: 'networkidle' });
    const ms = await joinOnce(page);
    if (run > 0) times.push(ms);
    say(`${run === 0 ? 'cold' : `warm ${run}`}: ${ms.toFixed(0)} ms`);
  }
  await context.close();
  return times;
}

function result(name: string, value: number, unit: string): BenchResult {
  return { name, value: Math.round(value * 10) / 10, unit, target: null, better: 'lower', peer: [] };
}

/** From the click on Join to the first remote pose on the screen, and what a first visit transfers. */
export const joinBench: Bench = async (_options, say) => {
  const server = await startParley();
  const browser = await launchChromium();
  try {
    const { id } = await createParleyClient({ url: server.url }).meeting.create({});
    const host = await openVisitor(browser, server.url, { displayHz: null });
    await host.page.goto(autojoinLink(server.url, id, { name: 'Host' }));
    await waitUntilLive(host.page);
    const lobbyUrl = `${server.url}/m/${id}?name=Guest`;
    const transfer = await coldTransfer(browser, server.url, lobbyUrl);
    const times = await warmRuns(browser, server.url, lobbyUrl, say);
    return [
      result('join.click_to_pose.p50_ms', median(times), 'ms'),
      result('join.lobby.kb', transfer.lobby, 'kB'),
      result('join.scene.kb', transfer.scene, 'kB'),
    ];
  } finally {
    await browser.close();
    await server.stop();
  }
};

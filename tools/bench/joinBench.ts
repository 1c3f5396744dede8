import type { Browser, Page } from 'playwright-core';
import { createParleyClient } from '@/lib/api';
import type { ParleyStats } from '@/lib/meeting/stats';
import { launchChromium, openVisitor } from '@/tests/e2e/support/browser';
import { autojoinLink, waitUntilLive } from '@/tests/e2e/support/parleyPage';
import { type ParleyServer, startParley } from '@/tests/e2e/support/parleyServer';
import { median } from '@/tools/statistics';
import type { Bench, BenchResult, Say } from './benchResult';

const ROUNDS = 2;
const RUNS_IN_ROUND = 5;
/** How much longer joining may take where the focus asks for features and the channel is a data channel. */
const STOCK_ABOVE_HUB_MAX_MS = 300;

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

/** A meeting with somebody in it, on a server of its own. */
class Host {
  private constructor(
    readonly name: string,
    private readonly server: ParleyServer,
    private readonly browser: Browser,
    private readonly meetingId: string,
  ) {}

  static async start(name: string, browser: Browser, settings: Record<string, string>): Promise<Host> {
    const server = await startParley(settings);
    const { id } = await createParleyClient({ url: server.url }).meeting.create({});
    return new Host(name, server, browser, id);
  }

  get url(): string {
    return this.server.url;
  }

  get lobbyUrl(): string {
    return `${this.url}/m/${this.meetingId}?name=Guest`;
  }

  /** Opens the host's page for as long as `measure` takes. */
  async receive<Result>(measure: () => Promise<Result>): Promise<Result> {
    const { page, context } = await openVisitor(this.browser, this.url, { displayHz: null });
    try {
      await page.goto(autojoinLink(this.url, this.meetingId, { name: 'Host' }));
      await waitUntilLive(page);
      return await measure();
    } finally {
      await context.close();
    }
  }

  async stop(): Promise<void> {
    await this.server.stop();
  }
}

async function warmRuns(browser: Browser, { name, url, lobbyUrl }: Host, say: Say): Promise<number[]> {
  const { page, context } = await openVisitor(browser, url, { displayHz: null });
  const times: number[] = [];
  // The first run fills the caches and does not count.
  for (let run = 0; run <= RUNS_IN_ROUND; run += 1) {
    await page.goto(lobbyUrl, { waitUntil: 'networkidle' });
    const ms = await joinOnce(page);
    if (run > 0) times.push(ms);
    say(`${name}, ${run === 0 ? 'cold' : `warm ${run}`}: ${ms.toFixed(0)} ms`);
  }
  await context.close();
  return times;
}

/** Warm runs with each host, in turns, so that neither has the machine in a better hour. */
async function warmTimes(browser: Browser, hosts: readonly Host[], say: Say): Promise<number[][]> {
  const times = hosts.map((): number[] => []);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [index, host] of hosts.entries()) {
      times[index]!.push(...(await host.receive(() => warmRuns(browser, host, say))));
    }
  }
  return times;
}

function result(name: string, value: number, unit: string, more: Partial<BenchResult> = {}): BenchResult {
  return { name, value: Math.round(value * 10) / 10, unit, target: null, better: 'lower', peer: [], ...more };
}

/**
 * From the click on Join to the first remote pose on the screen, on the hub and on the hub as a stock Jitsi, and what a first
 * visit transfers.
 */
export const joinBench: Bench = async (_options, say) => {
  const browser = await launchChromium();
  const hosts: Host[] = [];
  try {
    const hub = await Host.start('hub', browser, {});
    hosts.push(hub);
    const stock = await Host.start('as a stock Jitsi', browser, { HUB_AS: 'jicofo' });
    hosts.push(stock);
    const transfer = await hub.receive(() => coldTransfer(browser, hub.url, hub.lobbyUrl));
    const [onHub = [], asStock = []] = await warmTimes(browser, hosts, say);
    const slowerMs = median(asStock) - median(onHub);
    return [
      result('join.click_to_pose.p50_ms', median(onHub), 'ms'),
      result('join.click_to_pose.stock_jitsi.p50_ms', median(asStock), 'ms'),
      result('join.stock_jitsi_above_hub.p50_ms', slowerMs, 'ms', { target: STOCK_ABOVE_HUB_MAX_MS }),
      result('join.lobby.kb', transfer.lobby, 'kB'),
      result('join.scene.kb', transfer.scene, 'kB'),
    ];
  } finally {
    await browser.close();
    for (const host of hosts) await host.stop();
  }
};

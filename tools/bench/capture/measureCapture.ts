import type { Browser, Page } from 'playwright-core';
import type { CaptureStats } from '@/lib/capture/capture';
import type { CapturePage } from '@/tests/e2e/support/capturePage';
import { BenchError } from '../benchError';
import { PageMeter } from '../scene/pageMeter';

/** Until models and browser have settled. */
const SETTLE_FRAMES = 60;
const MEASURED_FRAMES = 150;

/** What reading a camera takes. */
export interface CaptureFigures {
  /** Pictures read a second. */
  readonly fps: number;
  /** Of one reading, ms; hands null where none were read. */
  readonly costs: { readonly faceMs: number; readonly bodyMs: number; readonly handsMs: number | null };
  /** Main-thread CPU milliseconds a read picture. */
  readonly mainThreadMs: number;
}

function take(page: Page, frames: number): Promise<void> {
  return page.evaluate((count) => (globalThis as unknown as CapturePage).countFrames(count), frames);
}

/** Opens the page of the site at `origin`, whose camera plays a clip, and measures it. */
export async function measureCapture(browser: Browser, origin: string): Promise<CaptureFigures> {
  const context = await browser.newContext();
  // The TypeScript loader of the benchmarks marks functions with a helper that a page doesn't have.
  await context.addInitScript('globalThis.__name ??= (value) => value');
  const page = await context.newPage();
  await page.goto(origin);
  const problem = await page.evaluate(() => (globalThis as unknown as CapturePage).openCapture());
  if (problem) throw new BenchError(`The camera could not be read: ${problem.reason} ${problem.detail}`);
  await take(page, SETTLE_FRAMES);
  const meter = await PageMeter.open(page);
  const startedMs = performance.now();
  const cpuMs = await meter.cpuMs(() => take(page, MEASURED_FRAMES));
  const tookS = (performance.now() - startedMs) / 1000;
  const stats: CaptureStats = await page.evaluate(() => (globalThis as unknown as CapturePage).captureStats());
  const { faceMs, bodyMs, handsMs } = stats.costs;
  return {
    fps: MEASURED_FRAMES / tookS,
    costs: { faceMs, bodyMs, handsMs: Number.isFinite(handsMs) ? handsMs : null },
    mainThreadMs: cpuMs / MEASURED_FRAMES,
  };
}

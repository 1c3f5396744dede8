import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { CaptureStats } from '@/lib/capture/capture';
import { MODEL_FILES } from '@/lib/core/modelFiles';
import { readEnv } from '@/server/env';
import { launchChromium } from '@/tests/e2e/support/browser';
import type { CapturePage } from '@/tests/e2e/support/capturePage';
import { type CaptureServer, startCaptureServer } from '@/tests/e2e/support/captureServer';
import { webcamFlags } from '@/tests/e2e/support/colourClip';
import { hasSharedModels, sharedModelsFolder, sharedPicture } from '@/tests/e2e/support/modelFolders';
import { writePictureClip } from '@/tests/e2e/support/pictureClip';
import { UsageError } from '@/tools/command/command';
import type { Bench, BenchResult } from './benchResult';
import { PageMeter } from './scene/pageMeter';

/** Until models and browser have settled. */
const SETTLE_FRAMES = 60;
const MEASURED_FRAMES = 150;

/** What reading a webcam costs. */
interface CaptureFigures {
  /** Pictures read a second. */
  readonly fps: number;
  /** Of one reading, ms; hands null if none were read. */
  readonly costs: { readonly faceMs: number; readonly bodyMs: number; readonly handsMs: number | null };
  /** CPU time of the main thread per picture, ms. */
  readonly mainThreadMs: number;
}

function take(page: Page, frames: number): Promise<void> {
  return page.evaluate((count) => (globalThis as unknown as CapturePage).countFrames(count), frames);
}

/** Opens the page of the site at `origin`, whose webcam plays a clip, and measures it. */
async function measureCapture(browser: Browser, origin: string): Promise<CaptureFigures> {
  const context = await browser.newContext();
  // The TypeScript loader of the benchmarks marks functions with a helper that a page doesn't have.
  await context.addInitScript('globalThis.__name ??= (value) => value');
  const page = await context.newPage();
  await page.goto(origin);
  const problem = await page.evaluate(() => (globalThis as unknown as CapturePage).openCapture());
  if (problem) throw new UsageError(`The webcam could not be read: ${problem.reason} ${problem.detail}`);
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

const TARGET_FPS = 12;
const TARGET_MAIN_MS = 4;

/** Share of the picture's height that is shown to keep the hands out of sight. */
const WITHOUT_HANDS = 0.52;

const WHAT_IS_MEASURED = [
  'Chromium plays a picture of a person as its webcam, 640 x 480 at 30 fps, into a page that does nothing else.',
  'The models read pictures on the CPU and the solver turns them into poses; fps counts poses.',
  "Main is the main thread's CPU time for each picture, as Chromium counts it (ThreadTime), solving included.",
] as const;

/** MediaPipe's models: the site's, or those of the shared folder. */
function findModels(): { readonly folder: string; readonly isCopy: boolean } {
  const { modelsDir } = readEnv(process.env);
  const isWhole = Object.values(MODEL_FILES).every(({ name }) => existsSync(join(modelsDir, name)));
  if (isWhole) return { folder: modelsDir, isCopy: false };
  if (hasSharedModels) return { folder: sharedModelsFolder(), isCopy: true };
  throw new UsageError(
    'There are no models to measure. Fetch them with "npm run models", or name their folder in MODELS_DIR.',
  );
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

function results(name: string, figures: CaptureFigures, targetFps: number | null): BenchResult[] {
  const one = (what: string, value: number, unit: string, target: number | null, better: 'lower' | 'higher') =>
    ({ name: `capture.${name}.${what}`, value: rounded(value), unit, target, better, peer: [] }) satisfies BenchResult;
  const { costs } = figures;
  const times = [one('face_ms', costs.faceMs, 'ms', null, 'lower'), one('body_ms', costs.bodyMs, 'ms', null, 'lower')];
  if (costs.handsMs !== null) times.push(one('hands_ms', costs.handsMs, 'ms', null, 'lower'));
  return [
    one('fps', figures.fps, '1/s', targetFps, 'higher'),
    ...times,
    one('main_thread_ms', figures.mainThreadMs, 'ms', TARGET_MAIN_MS, 'lower'),
  ];
}

/** Measures one clip as the webcam's picture. */
async function measure(server: CaptureServer, clip: string): Promise<CaptureFigures> {
  const browser = await launchChromium(webcamFlags(clip));
  try {
    return await measureCapture(browser, server.origin);
  } finally {
    await browser.close();
  }
}

async function writeClips(folder: string, picture: string): Promise<{ bust: string; whole: string }> {
  const [bust, whole] = [join(folder, 'bust.mjpeg'), join(folder, 'whole.mjpeg')];
  const browser: Browser = await launchChromium();
  const page = await browser.newPage();
  await writePictureClip(page, picture, whole);
  await writePictureClip(page, picture, bust, WITHOUT_HANDS);
  await browser.close();
  return { bust, whole };
}

/** `npm run bench -- capture [--picture FILE] [--json FILE]`. */
export const captureBench: Bench = async ({ picturePath }, say) => {
  const picture = picturePath ?? sharedPicture;
  if (!picture) throw new UsageError('Name a picture (PNG) of a person with raised hands: --picture FILE.');
  const models = findModels();
  const clips = mkdtempSync(join(tmpdir(), 'parley-clips-'));
  const server = await startCaptureServer(models.folder);
  try {
    for (const line of WHAT_IS_MEASURED) say(line);
    const { bust, whole } = await writeClips(clips, picture);
    const faceAndBody = await measure(server, bust);
    const withHands = await measure(server, whole);
    return [...results('face_body', faceAndBody, TARGET_FPS), ...results('with_hands', withHands, null)];
  } finally {
    server.close();
    rmSync(clips, { recursive: true });
    if (models.isCopy) rmSync(models.folder, { recursive: true });
  }
};

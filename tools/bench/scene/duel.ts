import type { Browser } from 'playwright-core';
import { ratioSpread, type Spread, spreadOf } from '@/tools/statistics';
import { FilledPage, type SceneServer } from './filledPage';
import type { DrawCounts, Engine, Wardrobe } from './pageContract';

/** Rounds of a duel; in each, the engines run right after one another. */
const ROUNDS = 5;
/** Frames for compiling, uploading and optimising before anything is measured. */
const WARM_UP_FRAMES = 60;
/** How long a round of one engine should take. */
const ROUND_MS = 1000;
const FRAMES_MIN = 30;
const FRAMES_MAX = 1000;

/** Figures of one engine. */
interface EngineFigures {
  readonly cpuMs: Spread;
  readonly counts: DrawCounts;
  readonly heapMegabytes: number;
}

/** All engines with the same people and avatars. */
export interface DuelFigures extends Readonly<Record<Engine, EngineFigures>> {
  /** CPU time of the naive engine divided by ours. */
  readonly ratio: Spread;
}

const ENGINES = ['ours', 'loop', 'naive'] as const;

function framesFor(cpuMs: number): number {
  return Math.round(Math.min(FRAMES_MAX, Math.max(FRAMES_MIN, ROUND_MS / Math.max(0.01, cpuMs))));
}

async function warmUp(page: FilledPage): Promise<number> {
  await page.run(WARM_UP_FRAMES);
  return framesFor(await page.cpuMsPerFrame(FRAMES_MIN));
}

async function eachEngine<T>(of: (engine: Engine) => Promise<T>): Promise<Record<Engine, T>> {
  return { ours: await of('ours'), loop: await of('loop'), naive: await of('naive') };
}

async function measureRounds(pages: Readonly<Record<Engine, FilledPage>>): Promise<Record<Engine, number[]>> {
  const times: Record<Engine, number[]> = { ours: [], loop: [], naive: [] };
  const frames = await eachEngine((engine) => warmUp(pages[engine]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const engine of ENGINES) times[engine].push(await pages[engine].cpuMsPerFrame(frames[engine]));
  }
  return times;
}

async function figuresOf(page: FilledPage, times: readonly number[]): Promise<EngineFigures> {
  return { cpuMs: spreadOf(times), counts: await page.counts(), heapMegabytes: await page.heapMegabytes() };
}

/** Lets the engines draw the same people in turn. */
export async function duel(
  browser: Browser,
  server: SceneServer,
  wardrobe: Wardrobe,
  people: number,
): Promise<DuelFigures> {
  const pages = await eachEngine((engine) => FilledPage.open(browser, server, engine, wardrobe, people));
  const times = await measureRounds(pages);
  const figures = await eachEngine((engine) => figuresOf(pages[engine], times[engine]));
  for (const engine of ENGINES) await pages[engine].close();
  return { ...figures, ratio: ratioSpread(times.naive, times.ours) };
}

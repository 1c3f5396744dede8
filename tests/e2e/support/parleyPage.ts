import type { Page } from 'playwright-core';
import type { ParleyStats } from '@/lib/meeting/stats';
import { HANGS_AFTER_MS } from './browser';

/** A reading of `parley.stats()` with the page's wall clock at that moment. */
export interface StatsReading {
  readonly stats: ParleyStats;
  readonly atMs: number;
}

/** Reads `parley.stats()` of a page. */
export function readStats(page: Page): Promise<StatsReading> {
  return page.evaluate(() => {
    const { parley } = globalThis as unknown as { parley: { stats(): ParleyStats } };
    return { stats: parley.stats(), atMs: performance.timeOrigin + performance.now() };
  });
}

/** How many poses a page has received of each remote participant, by name. */
export async function receivedOf(page: Page): Promise<ReadonlyMap<string, number>> {
  const { participants } = (await readStats(page)).stats;
  return new Map(participants.map(({ name, posesReceived }) => [name, posesReceived]));
}

/** `parley.stats()` of a page, read right after a frame was drawn, so that ages are those of what is shown. */
export function readStatsAsDrawn(page: Page): Promise<StatsReading> {
  return page.evaluate(async () => {
    const { parley } = globalThis as unknown as { parley: { stats(): ParleyStats } };
    // The scene may draw later in the same frame, but not after the timeout.
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    return { stats: parley.stats(), atMs: performance.timeOrigin + performance.now() };
  });
}

/** Waits until the page is live in its meeting, and has read who is there. */
export async function waitUntilLive(page: Page): Promise<void> {
  await page.waitForFunction(
    () => {
      const stats = (globalThis as { parley?: { stats(): ParleyStats } }).parley?.stats();
      return stats?.connection === 'live' && Boolean(stats.self);
    },
    undefined,
    { timeout: HANGS_AFTER_MS, polling: 50 },
  );
}

/** Waits until the page draws poses from `name`. */
export async function waitUntilDrawn(page: Page, name: string): Promise<void> {
  await page.waitForFunction(
    (wanted) => {
      const stats = (globalThis as { parley?: { stats(): ParleyStats } }).parley?.stats();
      const person = stats?.participants.find((participant) => participant.name === wanted);
      return person !== undefined && person.posesReceived > 0 && person.bones.length > 0;
    },
    name,
    { timeout: HANGS_AFTER_MS, polling: 50 },
  );
}

/** Waits until the page has received more than `least` poses from `name`, whether it draws or not. */
export async function waitUntilReceived(page: Page, name: string, least = 0): Promise<void> {
  await page.waitForFunction(
    ([wanted, poses]) => {
      const stats = (globalThis as { parley?: { stats(): ParleyStats } }).parley?.stats();
      return (stats?.participants.find((person) => person.name === wanted)?.posesReceived ?? 0) > poses;
    },
    [name, least] as const,
    { timeout: HANGS_AFTER_MS, polling: 50 },
  );
}

/** A link that skips the lobby, as kiosks use it. */
export function autojoinLink(origin: string, meetingId: string, choice: Record<string, string>): string {
  return `${origin}/m/${meetingId}?${new URLSearchParams({ ...choice, autojoin: '1' })}`;
}

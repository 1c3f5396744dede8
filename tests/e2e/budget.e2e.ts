import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { createParleyClient } from '@/lib/api';
import { BotParticipant } from '@/tools/bot/botParticipant';
import { BotProcess } from './support/botProcess';
import { chromiumPath, launchChromium, openVisitor, type Visitor } from './support/browser';
import { readStats, readStatsAsDrawn, waitUntilLive } from './support/parleyPage';
import { ReportedAges } from './support/reportedAges';
import { WireMeter } from './support/wireMeter';

const PEOPLE = 15;
const BUDGET_BPS = 1_500_000;
const AGE_P95_MAX_MS = 250;
const MEASURED_MS = 20_000;
const READ_EVERY_MS = 250;
/** Clocks, playout delays and the quality have found their place. */
const SETTLING_MS = 8_000;
/** Drawing fifteen people on the CPU would leave no time for sending them: a small window that is drawn now and then. */
const VIEWPORT = { width: 160, height: 120 };
const DISPLAY_HZ = 5;

function p95(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? Number.NaN;
}

describe.skipIf(!chromiumPath)('sixteen in one meeting: a browser and fifteen headless participants', () => {
  const serverUrl = inject('parleyUrl');
  let browser: Browser;
  let visitor: Visitor | null = null;
  let bots: BotProcess | null = null;
  let listener: BotParticipant | null = null;

  beforeAll(async () => {
    browser = await launchChromium();
  });

  afterEach(async () => {
    await visitor?.context.close();
    await bots?.end().catch(() => {});
    await listener?.leave();
  });

  afterAll(() => browser?.close());

  it('keep under 1.5 Mbps on the wire at one receiver, and poses younger than 250 ms (p95), with nobody lost', async () => {
    const { id: meetingId } = await createParleyClient({ url: serverUrl }).meeting.create();
    visitor = await openVisitor(browser, serverUrl, { viewport: VIEWPORT, displayHz: DISPLAY_HZ });
    const { page } = visitor;
    const wire = await WireMeter.attach(page);
    await page.goto(`${serverUrl}/m/${meetingId}/watch`);
    await waitUntilLive(page);
    listener = new BotParticipant({ url: serverUrl, meetingId, name: 'Listener', role: 'spectator' });
    await listener.join();
    const reported = new ReportedAges(listener.transport);
    bots = BotProcess.start(serverUrl, meetingId, PEOPLE);
    await expect
      .poll(
        async () => (await readStats(page)).stats.participants.filter(({ posesReceived }) => posesReceived > 0).length,
        {
          timeout: 60_000,
        },
      )
      .toBe(PEOPLE);
    await sleep(SETTLING_MS);

    wire.begin();
    reported.begin();
    const drawnAges = new Map<string, number[]>();
    const lostBefore = new Map((await readStats(page)).stats.participants.map(({ id, lost }) => [id, lost]));
    for (let passedMs = 0; passedMs < MEASURED_MS; passedMs += READ_EVERY_MS) {
      const { stats } = await readStatsAsDrawn(page);
      for (const { id, poseAgeMs } of stats.participants) drawnAges.set(id, [...(drawnAges.get(id) ?? []), poseAgeMs]);
      await sleep(READ_EVERY_MS);
    }
    const wireBps = wire.bps();
    const { stats } = await readStats(page);

    expect(wire.messages).toBeGreaterThan(PEOPLE * 5 * (MEASURED_MS / 1000));
    expect(wireBps).toBeLessThan(BUDGET_BPS);
    expect(stats.participants).toHaveLength(PEOPLE);
    expect(stats.participants.filter(({ id, lost }) => lost > lostBefore.get(id)!).map(({ name }) => name)).toEqual([]);
    expect(reported.agesMs.length).toBeGreaterThan(PEOPLE * (PEOPLE - 1) * 5);
    expect(p95(reported.agesMs)).toBeLessThanOrEqual(AGE_P95_MAX_MS);
    expect(reported.losses).toBe(0);
    for (const ages of drawnAges.values()) expect(p95(ages)).toBeLessThanOrEqual(AGE_P95_MAX_MS);
    const told = await bots.end();
    bots = null;
    expect(told.map(({ phase }) => phase)).toEqual(Array.from({ length: PEOPLE }, () => 'ended'));
  });
});

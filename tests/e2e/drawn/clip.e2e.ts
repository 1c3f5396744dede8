import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createParleyClient } from '@/lib/api';
import { createBvhSource } from '@/lib/motion/bvhSource';
import { chromiumPath, faultsOf, openVisitor, type Visitor } from '../support/browser';
import { type DrawnMoment, findClipStartMs, meanErrorDeg } from '../support/clipMatch';
import { madeClip } from '../support/madeClip';
import { autojoinLink, readStats, waitUntilDrawn, waitUntilLive } from '../support/parleyPage';
import { connectChromium } from '../support/sharedChromium';

const CLIP = madeClip();
const CLIP_PATH = '/clips/turn.bvh';

const ERROR_MAX_DEG = 5;
const TURNED_MIN_DEG = 5;

/** Moments of which the mean error counts. */
const MOMENTS = 12;

/** What a page draws of Ana at some moments. */
async function momentsOf(page: Page): Promise<DrawnMoment[]> {
  const moments: DrawnMoment[] = [];
  while (moments.length < MOMENTS) {
    const { stats, atMs } = await readStats(page);
    const ana = stats.participants.find(({ name }) => name === 'Ana')!;
    moments.push({ bones: ana.bones, shownMs: atMs - ana.poseAgeMs });
    await page.waitForTimeout(150);
  }
  return moments;
}

describe.skipIf(!chromiumPath)('a recorded motion in the browser', () => {
  const serverUrl = inject('parleyUrl');
  const source = createBvhSource(CLIP);
  /** Does not draw: what its page sends is judged by others. */
  let still: Browser;
  let drawing: Browser;
  const visitors: Visitor[] = [];

  beforeAll(async () => {
    [still, drawing] = await Promise.all([connectChromium(), connectChromium('drawing')]);
  });

  afterAll(() => Promise.all([still?.close(), drawing?.close()]));

  async function visit(url: string, browser = drawing): Promise<Visitor> {
    const visitor = await openVisitor(browser, serverUrl);
    visitors.push(visitor);
    await visitor.page.route(`**${CLIP_PATH}`, (route) => route.fulfill({ body: CLIP, contentType: 'text/plain' }));
    await visitor.page.goto(url);
    return visitor;
  }

  /** How far what a page draws is from the clip at that time, and how far the clip has turned meanwhile; degrees, in the mean. */
  async function measure(page: Page): Promise<{ errorDeg: number; turnedDeg: number }> {
    const moments = await momentsOf(page);
    const startMs = findClipStartMs(moments[0]!, source, source.periodMs);
    const errors = moments.map(({ bones, shownMs }) => meanErrorDeg(bones, source, shownMs - startMs));
    return {
      errorDeg: errors.reduce((sum, error) => sum + error, 0) / errors.length,
      turnedDeg: meanErrorDeg(moments[0]!.bones, source, moments.at(-1)!.shownMs - startMs),
    };
  }

  /** Avatars ease from rest into their motion, and again after a busy machine has held it up: only then is it drawn as sent. */
  const isDrawnAsSent = (page: Page) =>
    expect
      .poll(async () => {
        const { errorDeg, turnedDeg } = await measure(page);
        // A still avatar would be as close to a still clip.
        return errorDeg < ERROR_MAX_DEG && turnedDeg > TURNED_MIN_DEG;
      })
      .toBe(true);

  it('a clip is drawn on the page of a participant and of a spectator within 5 degrees of its pose at that time', async () => {
    const { id } = await createParleyClient({ url: serverUrl }).meeting.create({ title: 'Round table' });
    const a = await visit(autojoinLink(serverUrl, id, { name: 'Ana', avatar: 'ada', motion: CLIP_PATH }), still);
    const b = await visit(autojoinLink(serverUrl, id, { name: 'Bo', avatar: 'bo' }));
    const spectator = await visit(`${serverUrl}/m/${id}/watch`);
    await Promise.all([a, b, spectator].map(({ page }) => waitUntilLive(page)));
    await Promise.all([b, spectator].map(({ page }) => waitUntilDrawn(page, 'Ana')));
    await waitUntilDrawn(spectator.page, 'Bo');
    await Promise.all([b, spectator].map(({ page }) => isDrawnAsSent(page)));
    const seen = (await readStats(b.page)).stats;
    expect(seen.spectators).toBe(1);
    expect(seen.participants.map(({ name }) => name)).toEqual(['Ana']);
    expect((await readStats(spectator.page)).stats.self).toMatchObject({ role: 'spectator', seat: null, posesSent: 0 });
    for (const { problems, foreignRequests, context } of visitors) {
      expect(faultsOf(problems)).toEqual([]);
      expect(foreignRequests).toEqual([]);
      await context.close();
    }
  });
});

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createParleyClient } from '@/lib/api';
import { createBvhSource } from '@/lib/motion/bvhSource';
import { chromiumPath, openVisitor, type Visitor } from '../support/browser';
import { type DrawnMoment, findClipStartMs, meanErrorDeg } from '../support/clipMatch';
import { madeClip } from '../support/madeClip';
import { autojoinLink, readStats, waitUntilDrawn, waitUntilLive } from '../support/parleyPage';
import { connectChromium } from '../support/sharedChromium';

const CLIP = madeClip();
const CLIP_PATH = '/clips/turn.bvh';

describe.skipIf(!chromiumPath)('a recorded motion in the browser', () => {
  const serverUrl = inject('parleyUrl');
  let browser: Browser;
  const visitors: Visitor[] = [];

  beforeAll(async () => {
    browser = await connectChromium();
  });

  afterAll(() => browser?.close());

  async function visit(url: string): Promise<Visitor> {
    const visitor = await openVisitor(browser, serverUrl);
    visitors.push(visitor);
    await visitor.page.route(`**${CLIP_PATH}`, (route) => route.fulfill({ body: CLIP, contentType: 'text/plain' }));
    await visitor.page.goto(url);
    return visitor;
  }

  it('a clip is drawn on the page of a participant and of a spectator within 5 degrees of its pose at that time', async () => {
    const { id } = await createParleyClient({ url: serverUrl }).meeting.create({ title: 'Round table' });
    const sit = (choice: Record<string, string>) => visit(autojoinLink(serverUrl, id, choice));
    const a = await sit({ name: 'Ana', avatar: 'ada', motion: CLIP_PATH });
    const b = await sit({ name: 'Bo', avatar: 'bo' });
    const spectator = await visit(`${serverUrl}/m/${id}/watch`);
    await Promise.all([a, b, spectator].map(({ page }) => waitUntilLive(page)));
    await Promise.all([b, spectator].map(({ page }) => waitUntilDrawn(page, 'Ana')));
    await waitUntilDrawn(spectator.page, 'Bo');
    // Avatars ease from rest into their motion; only then is what is drawn what was sent.
    await b.page.waitForTimeout(3000);

    for (const { page } of [b, spectator]) {
      const moments: DrawnMoment[] = [];
      for (let count = 0; count < 12; count += 1) {
        const { stats, atMs } = await readStats(page);
        const ana = stats.participants.find(({ name }) => name === 'Ana')!;
        moments.push({ bones: ana.bones, shownMs: atMs - ana.poseAgeMs });
        await page.waitForTimeout(150);
      }
      const source = createBvhSource(CLIP);
      const startMs = findClipStartMs(moments[0]!, source, source.periodMs);
      const errors = moments.map(({ bones, shownMs }) => meanErrorDeg(bones, source, shownMs - startMs));
      expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(5);
      // The clip must have moved meanwhile, or a still avatar would pass.
      expect(meanErrorDeg(moments[0]!.bones, source, moments.at(-1)!.shownMs - startMs)).toBeGreaterThan(5);
    }
    const seen = (await readStats(b.page)).stats;
    expect(seen.spectators).toBe(1);
    expect(seen.participants.map(({ name }) => name)).toEqual(['Ana']);
    expect((await readStats(spectator.page)).stats.self).toMatchObject({ role: 'spectator', seat: null, posesSent: 0 });
    for (const { problems, foreignRequests, context } of visitors) {
      expect(problems).toEqual([]);
      expect(foreignRequests).toEqual([]);
      await context.close();
    }
  });
});

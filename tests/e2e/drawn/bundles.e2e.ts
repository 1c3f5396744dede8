import { join } from 'node:path';
import type { Browser, Route } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createParleyClient } from '@/lib/api';
import { type BundleSizes, bundleSizesOf } from '@/tools/bench/scene/bundleSizes';
import { chromiumPath, openVisitor } from '../support/browser';
import { waitUntilLive } from '../support/parleyPage';
import { connectChromium } from '../support/sharedChromium';

/** Kilobytes of gzip. */
const MOST_KB = { lobby: 140, scene: 260 } as const;

describe.skipIf(!chromiumPath)('downloads of a meeting page', () => {
  const serverUrl = inject('parleyUrl');
  let browser: Browser;
  let sizes: BundleSizes;

  beforeAll(async () => {
    browser = await connectChromium('drawing');
    sizes = bundleSizesOf(join(new URL('../../..', import.meta.url).pathname, '.next'));
  });

  afterAll(() => browser?.close());

  it.each(['lobby', 'scene'] as const)('the scripts of the %s keep to their budget', (part) => {
    expect(sizes[part].kilobytes).toBeGreaterThan(50);
    expect(sizes[part].kilobytes).toBeLessThanOrEqual(MOST_KB[part]);
  });

  it('the lobby takes a name and a press on Join with no scripts but those counted for it', async () => {
    const counted = new Set(sizes.lobby.chunks.map(({ name }) => name));
    const { id } = await createParleyClient({ url: serverUrl }).meeting.create();
    const { page, context } = await openVisitor(browser, serverUrl);
    const held: Route[] = [];
    let isHolding = true;
    await page.route('**/_next/static/**/*.js', (route) => {
      const name = new URL(route.request().url()).pathname.split('/').at(-1)!;
      if (!isHolding || counted.has(name)) return route.continue();
      held.push(route);
    });
    await page.goto(`${serverUrl}/m/${id}`);
    await page.getByRole('textbox', { name: 'Your name' }).fill('Early');
    await page.getByRole('radio', { name: 'Cleo' }).check();
    await page.getByRole('button', { name: 'Join' }).click();
    await page.getByRole('textbox', { name: 'Your name' }).waitFor({ state: 'detached' });
    expect(held.length).toBeGreaterThan(0);
    isHolding = false;
    await Promise.all(held.map((route) => route.continue()));
    await waitUntilLive(page);
    await context.close();
  });
});

import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createParleyClient } from '@/lib/api';
import { chromiumPath, openVisitor } from '../support/browser';
import { autojoinLink, waitUntilLive } from '../support/parleyPage';
import { connectChromium } from '../support/sharedChromium';

/** The narrowest window that pages must work in (WCAG 2.1, 1.4.10). */
const NARROW = { width: 320, height: 640 };

describe.skipIf(!chromiumPath)('a meeting in a narrow window', () => {
  const serverUrl = inject('parleyUrl');
  let browser: Browser;

  beforeAll(async () => {
    browser = await connectChromium('drawing');
  });

  afterAll(() => browser?.close());

  it('the controls stay within 320 pixels, and the menu has what the dock leaves out', async () => {
    const { id } = await createParleyClient({ url: serverUrl }).meeting.create({});
    const { page, context } = await openVisitor(browser, serverUrl, { viewport: NARROW });
    await page.goto(autojoinLink(serverUrl, id, { name: 'Nell' }));
    await waitUntilLive(page);
    const toolbar = page.getByRole('toolbar');
    await toolbar.getByRole('button', { name: 'Leave' }).waitFor({ state: 'attached' });
    const spans = await toolbar
      .getByRole('button')
      .evaluateAll((buttons) =>
        buttons.map((button) => button.getBoundingClientRect()).map(({ left, right }) => ({ left, right })),
      );
    expect(spans.length).toBeGreaterThan(3);
    for (const { left, right } of spans) {
      expect(left).toBeGreaterThanOrEqual(0);
      expect(right).toBeLessThanOrEqual(NARROW.width);
    }
    expect(await toolbar.getByRole('button', { name: 'Hide myself' }).isVisible()).toBe(false);
    await toolbar.getByRole('button', { name: 'More' }).press('Enter');
    await page.getByRole('list', { name: 'More' }).getByRole('button', { name: 'Hide myself' }).waitFor();
    await context.close();
  });
});

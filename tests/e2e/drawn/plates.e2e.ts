import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createParleyClient } from '@/lib/api';
import { chromiumPath, openVisitor } from '../support/browser';
import { autojoinLink, waitUntilLive } from '../support/parleyPage';
import { connectChromium } from '../support/sharedChromium';

/** A name with letters of both files of the page's font. */
const NAME = 'Žofie';

interface Written {
  readonly text: string;
  /** Those of the page's own font families that it was written in: named, and loaded at that moment. */
  readonly families: readonly string[];
}

/** Records what is written into pictures. */
function watchWriting(): void {
  const written: Written[] = [];
  Object.assign(globalThis, { written });
  const { fillText } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.fillText = function write(text, ...where) {
    const loaded = [...document.fonts].filter(({ status }) => status === 'loaded').map(({ family }) => family);
    written.push({ text, families: loaded.filter((family) => this.font.includes(family)) });
    return fillText.call(this, text, ...where);
  };
}

/** The families that `name` was last written in. */
function familiesOf(page: Page, name: string): Promise<readonly string[] | undefined> {
  return page.evaluate((wanted) => {
    const { written } = globalThis as unknown as { written: Written[] };
    return written.findLast(({ text }) => text === wanted)?.families;
  }, name);
}

describe.skipIf(!chromiumPath)('name plates', () => {
  const serverUrl = inject('parleyUrl');
  let browser: Browser;

  beforeAll(async () => {
    browser = await connectChromium('drawing');
  });

  afterAll(() => browser?.close());

  it("a name on a plate is written in the page's fonts, also with letters whose file loads late", async () => {
    const { id } = await createParleyClient({ url: serverUrl }).meeting.create({});
    const { page, context } = await openVisitor(browser, serverUrl);
    await page.addInitScript(watchWriting);
    await page.goto(autojoinLink(serverUrl, id, { name: NAME }));
    await waitUntilLive(page);
    await expect.poll(() => familiesOf(page, NAME)).toEqual(['latin', 'latinExtended']);
    await context.close();
  });
});

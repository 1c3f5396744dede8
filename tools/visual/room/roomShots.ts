import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { type BundledPage, openBundledPage, type PageWindow } from '../bundledPage';
import type { RoomPage, RoomPicture } from './pageContract';

type Global = { readonly roomPage: RoomPage };

const ENTRY = join('tools', 'visual', 'room', 'page.ts');
/** The pages' own typeface, so that names look the same on every machine. */
const FONT = join(
  'node_modules',
  '@fontsource-variable',
  'bricolage-grotesque',
  'files',
  'bricolage-grotesque-latin-wght-normal.woff2',
);

/** A browser page that draws the meeting's room. */
export class RoomShots {
  private constructor(private readonly bundled: BundledPage) {}

  static async open(browser: Browser, window: PageWindow): Promise<RoomShots> {
    const bundled = await openBundledPage(browser, ENTRY, window);
    await bundled.page.evaluate(async (data) => {
      const font = new FontFace('Bricolage Grotesque Variable', `url(data:font/woff2;base64,${data})`, {
        weight: '200 800',
      });
      document.fonts.add(await font.load());
    }, readFileSync(FONT).toString('base64'));
    return new RoomShots(bundled);
  }

  /** Lets no avatar come, so that stand-ins sit there: pictures of the room, whatever people look like. */
  async withoutAvatars(): Promise<void> {
    await this.bundled.page.route('**/*.vrm', (route) => route.abort());
  }

  /** A picture as PNG. */
  async picture(order: RoomPicture): Promise<Buffer> {
    const { png } = await this.bundled.page.evaluate(
      (wanted) => (globalThis as unknown as Global).roomPage.show(wanted),
      order,
    );
    return Buffer.from(png.slice(png.indexOf(',') + 1), 'base64');
  }

  close(): Promise<void> {
    return this.bundled.close();
  }
}

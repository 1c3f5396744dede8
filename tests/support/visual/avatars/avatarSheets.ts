import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { type BundledPage, openBundledPage } from '../bundledPage';
import { type Tile, tileGrid } from '../golden';
import { type AvatarPage, CELL, COLUMNS, type SheetOrder } from './pageContract';
import { AVATAR_SHOTS } from './shots';

type Global = { readonly avatarPage: AvatarPage };

const ENTRY = join('tests', 'support', 'visual', 'avatars', 'page.ts');

/** The tiles of a contact sheet, named after its shots. */
export const SHEET_TILES: readonly Tile[] = tileGrid(
  AVATAR_SHOTS.map(({ name }) => name),
  COLUMNS,
  CELL,
  CELL,
);

/** A browser page that draws contact sheets of avatars. */
export class AvatarSheets {
  private constructor(private readonly bundled: BundledPage) {}

  static async open(browser: Browser): Promise<AvatarSheets> {
    return new AvatarSheets(await openBundledPage(browser, ENTRY, { width: COLUMNS * CELL, height: COLUMNS * CELL }));
  }

  /** A contact sheet as PNG. @throws Error with the problems of the page */
  async sheet(order: SheetOrder): Promise<Buffer> {
    const { page, problems } = this.bundled;
    const url = await page.evaluate((wanted) => (globalThis as unknown as Global).avatarPage.sheet(wanted), order);
    if (problems.length > 0) throw new Error(`${order.model}: ${problems.join('\n')}`);
    return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
  }

  close(): Promise<void> {
    return this.bundled.close();
  }
}

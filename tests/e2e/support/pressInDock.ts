import type { Page } from 'playwright-core';

/**
 * Presses a button of the dock by keyboard. The dock hides when the mouse rests, and drawing on the CPU may delay a click
 * for longer than that; the keyboard always reaches it.
 */
export async function pressInDock(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name }).press('Enter');
}

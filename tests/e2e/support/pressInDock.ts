import type { Page } from 'playwright-core';

/**
 * Presses a button of the dock by keyboard. The dock hides from a mouse that rests, and drawing on the CPU may hold a
 * click up for longer than that; whoever comes by keyboard always finds it.
 */
export async function pressInDock(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name }).press('Enter');
}

import type { Page } from 'playwright-core';
import { expect } from 'vitest';

/** Presses a button of the dock. It hides from who rests, and drawing on the CPU may hold a press up for that long. */
export function pressInDock(page: Page, name: string): Promise<void> {
  const press = async () => {
    await page.mouse.move(Math.random() * 200 + 60, 300);
    const pressed = page.getByRole('button', { name }).click({ timeout: 2000 });
    return pressed.then(
      () => true,
      () => false,
    );
  };
  return expect.poll(press, { timeout: 30_000 }).toBe(true);
}

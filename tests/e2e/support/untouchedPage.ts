import type { Page } from 'playwright-core';

const LOOK_EVERY_MS = 100;

/**
 * Waits for a button in a page without a user gesture. Playwright's own waits evaluate with `userGesture`, which Chromium
 * counts as a press: it would then allow sound that it blocks for people.
 */
export async function waitForButtonUntouched(page: Page, name: string, timeoutMs = 90_000): Promise<void> {
  const protocol = await page.context().newCDPSession(page);
  const expression = `[...document.querySelectorAll('button')].some(({ textContent }) => textContent === ${JSON.stringify(name)})`;
  const endMs = performance.now() + timeoutMs;
  while (performance.now() < endMs) {
    const { result } = await protocol.send('Runtime.evaluate', { expression, returnByValue: true, userGesture: false });
    if (result.value === true) return protocol.detach();
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
  throw new Error(`No button "${name}" came within ${timeoutMs} ms.`);
}

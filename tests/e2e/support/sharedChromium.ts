import { type Browser, chromium } from 'playwright-core';
import { inject } from 'vitest';

/**
 * Connects to the Chromium that the files of this project share: one that draws for `tests/e2e/drawn`, else one without
 * WebGL. Closing the connection ends only its own contexts.
 */
export function connectChromium(): Promise<Browser> {
  return chromium.connect(inject('chromiumUrl'));
}

import { type Browser, chromium } from 'playwright-core';
import { inject } from 'vitest';
import type { BrowserKind } from './browser';

/** Connects to one of the browsers that all files share. Closing the connection ends only its own contexts. */
export function connectChromium(kind: BrowserKind = 'withoutWebgl'): Promise<Browser> {
  return chromium.connect(inject('chromiumUrls')[kind]);
}

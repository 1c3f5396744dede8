import type { BrowserContext } from 'playwright-core';

/**
 * Limits the pages of a browser context to a display of `hz`, so that drawing on the CPU leaves time for what is measured
 * beside it.
 */
export async function slowDisplay(context: BrowserContext, hz: number): Promise<void> {
  await context.addInitScript((frameMs) => {
    const request = globalThis.requestAnimationFrame.bind(globalThis);
    let waiting = new Map<number, FrameRequestCallback>();
    let last = 0;
    // Callbacks of one frame run together, as on a display.
    const draw = (timeMs: number) => {
      const due = waiting;
      waiting = new Map();
      for (const callback of due.values()) callback(timeMs);
    };
    globalThis.requestAnimationFrame = (callback) => {
      if (waiting.size === 0) globalThis.setTimeout(() => request(draw), frameMs - (performance.now() % frameMs));
      last += 1;
      waiting.set(last, callback);
      return last;
    };
    globalThis.cancelAnimationFrame = (id) => {
      waiting.delete(id);
    };
  }, 1000 / hz);
}

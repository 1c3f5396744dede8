import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_MS = 20;

/** Somebody in a meeting who hears the others' poses. */
export interface Listener {
  readonly name: string;
  /** When each of the others was last heard, by person id, ms on this machine's wall clock (as `wallMs`). */
  lastHeardMs(): Promise<ReadonlyMap<string, number>>;
}

/** This machine's wall clock, finer than `Date.now`. */
export function wallMs(): number {
  return performance.timeOrigin + performance.now();
}

/** When, after `sinceMs`, `listener` had heard `others` others; rejects after `timeoutMs`. */
async function heardAtMs(listener: Listener, others: number, sinceMs: number, timeoutMs: number): Promise<number> {
  const firstHeard = new Map<string, number>();
  for (;;) {
    for (const [personId, timeMs] of await listener.lastHeardMs()) {
      if (timeMs > sinceMs && !firstHeard.has(personId)) firstHeard.set(personId, timeMs);
    }
    if (firstHeard.size >= others) return Math.max(...firstHeard.values());
    if (wallMs() - sinceMs > timeoutMs) {
      throw new Error(`${listener.name} hears ${firstHeard.size} of ${others} after ${timeoutMs} ms`);
    }
    await sleep(LOOK_MS);
  }
}

/** Milliseconds from `sinceMs` until each listener had heard all `others`. Rejects where that takes over `timeoutMs`. */
export function msUntilAllHeard(
  listeners: readonly Listener[],
  others: number,
  sinceMs: number,
  timeoutMs: number,
): Promise<number[]> {
  return Promise.all(
    listeners.map(async (listener) => (await heardAtMs(listener, others, sinceMs, timeoutMs)) - sinceMs),
  );
}

/** Waits until `isSo`; milliseconds that took. Rejects after `timeoutMs` with `what`. */
export async function msUntil(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  timeoutMs: number,
): Promise<number> {
  const beganMs = performance.now();
  while (!(await isSo())) {
    if (performance.now() - beganMs > timeoutMs) throw new Error(`not within ${timeoutMs} ms: ${what}`);
    await sleep(LOOK_MS);
  }
  return performance.now() - beganMs;
}

/** Follows for how long, at most, a listener heard nothing of one person. */
export class PoseGapWatch {
  private isOver = false;
  private longestMs = 0;
  private readonly watching: Promise<void>;

  constructor(
    private readonly listener: Listener,
    private readonly personId: string,
  ) {
    this.watching = this.look();
  }

  /** Ends it; the longest silence so far, ms. */
  async end(): Promise<number> {
    this.isOver = true;
    await this.watching;
    return this.longestMs;
  }

  private async look(): Promise<void> {
    while (!this.isOver) {
      const heardMs = (await this.listener.lastHeardMs()).get(this.personId);
      if (heardMs !== undefined) this.longestMs = Math.max(this.longestMs, wallMs() - heardMs);
      await sleep(LOOK_MS);
    }
  }
}

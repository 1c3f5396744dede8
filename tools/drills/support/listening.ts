import { setTimeout as sleep } from 'node:timers/promises';

const LOOK_MS = 20;

/** A participant that receives the others' poses. */
export interface Listener {
  readonly name: string;
  /** When a pose of each other person last came, by person id, ms on this machine's wall clock (`wallMs`). */
  lastHeardMs(): Promise<ReadonlyMap<string, number>>;
}

/** This machine's wall clock, ms, finer than `Date.now`. */
export function wallMs(): number {
  return performance.timeOrigin + performance.now();
}

/** When `listener` had heard `others` others after `sinceMs`; rejects after `timeoutMs`. */
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

/** For each listener, milliseconds from `sinceMs` until it had heard `others` others. Rejects after `timeoutMs`. */
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

/** Waits until `isSo` and returns the milliseconds it took. Rejects after `timeoutMs` with `what`. */
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

/** Measures the longest time without a pose of one person at a listener. */
export class PoseGapWatch {
  private isOver = false;
  private longestMs = 0;
  private readonly watching: Promise<void>;

  constructor(
    private readonly listener: Listener,
    private readonly personId: string,
  ) {
    this.watching = this.look();
    // Told by `end`, which a drill that has failed does not call.
    this.watching.catch(() => {});
  }

  /** Stops and returns the longest time, ms. */
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

import { setTimeout as sleep } from 'node:timers/promises';
import { type Listener, wallMs } from './listening';

const LOOK_MS = 20;

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

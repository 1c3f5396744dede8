import { type Scheduler, systemScheduler } from '@/lib/core/clock';
import type { Replay } from '../replay';
import type { LiveFeed } from './liveFeed';

/** How much further behind than planned a viewer may fall, ms. */
const LAG_MAX_MS = 700;
const WATCH_MS = 250;

/**
 * Keeps a replay at the live moment of a feed, as far behind it as it takes never to wait. What falls behind, as after a stall of the
 * network, leaps forward.
 */
export class LiveFollower {
  private cancel: () => void = () => {};

  constructor(
    private readonly replay: Replay,
    private readonly feed: LiveFeed,
    private readonly scheduler: Scheduler = systemScheduler,
  ) {}

  /** Shows the live moment and goes on from there. Resolves once it is shown. */
  async start(): Promise<void> {
    await this.leap();
    this.replay.play();
    this.watch();
  }

  /** How far behind the meeting the shown moment is, ms. */
  get behindMs(): number {
    return this.feed.liveMs - this.replay.positionMs;
  }

  close(): void {
    this.cancel();
  }

  private leap(): Promise<void> {
    return this.replay.seek(this.feed.liveMs - this.feed.schedule.behindMs);
  }

  private watch(): void {
    this.cancel = this.scheduler.schedule(() => {
      const { toMs, store } = this.replay;
      const lagMs = this.behindMs - this.feed.schedule.behindMs;
      // Only to where there is something to show: else it would leap again and again.
      const isWorth = toMs - this.replay.positionMs > LAG_MAX_MS;
      if (lagMs > LAG_MAX_MS && isWorth && !store.getSnapshot().hasEnded && !this.feed.isOver()) void this.leap();
      this.watch();
    }, WATCH_MS);
  }
}

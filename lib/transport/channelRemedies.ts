import type { Clock } from '@/lib/core/clock';

/** A focus takes requests for a fresh session at most this often, and refuses those that come sooner. */
const RESTART_PAUSE_MS = 5_000;
const RESTARTS_MAX = 5;
const RESTARTS_SPAN_MS = 60_000;

/** Pauses between fresh links double from twice this up to the longest. */
const RELINK_PAUSE_MIN_MS = 5_000;
const RELINK_PAUSE_MAX_MS = 60_000;
/** After this long without a fresh link the next one comes at once. */
const CALM_MS = 120_000;

/** What to do for a bridge channel in trouble now: ask for a fresh session, make a fresh link, or go on listening. */
export type ChannelRemedy = 'restart' | 'relink' | 'wait';

/**
 * Chooses what to do for a channel in trouble. A fresh session costs a moment of poses and voices, a fresh link takes the endpoint
 * out of the conference and back: on a busy machine, which hears late, both would only make it busier. Outlives its links.
 */
export class ChannelRemedies {
  private restartsMs: number[] = [];
  private relinks = 0;
  private relinkedAtMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly clock: Clock) {}

  /** @param mayRestart Whether a fresh session can be asked for and has not just been in vain. */
  next(mayRestart: boolean): ChannelRemedy {
    const nowMs = this.clock.nowMs();
    if (mayRestart) {
      this.restartsMs = this.restartsMs.filter((atMs) => nowMs - atMs < RESTARTS_SPAN_MS);
      if (this.restartsMs.length < RESTARTS_MAX) return this.restartNowOrSoon(nowMs);
    }
    return this.admitRelink(nowMs) ? 'relink' : 'wait';
  }

  private restartNowOrSoon(nowMs: number): ChannelRemedy {
    const last = this.restartsMs.at(-1) ?? Number.NEGATIVE_INFINITY;
    if (nowMs - last < RESTART_PAUSE_MS) return 'wait';
    this.restartsMs.push(nowMs);
    return 'restart';
  }

  private admitRelink(nowMs: number): boolean {
    const passedMs = nowMs - this.relinkedAtMs;
    if (passedMs >= CALM_MS) this.relinks = 0;
    if (this.relinks > 0 && passedMs < this.pauseMs()) return false;
    this.relinks += 1;
    this.relinkedAtMs = nowMs;
    return true;
  }

  private pauseMs(): number {
    return Math.min(RELINK_PAUSE_MAX_MS, RELINK_PAUSE_MIN_MS * 2 ** (this.relinks - 1));
  }
}

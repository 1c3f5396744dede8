import type { Clock } from '@/lib/core/clock';
import type { ChannelLiveness } from './channelLiveness';
import { channelOpensWithinMs } from './retryPolicy';

/** How long a link that reopens its channel by itself may take to do so. */
const REOPENS_WITHIN_MS = 2_000;
/** How long a closed channel may take to be replaced by that of another session. */
const CHANGES_WITHIN_MS = 300;
/** How long a channel that closed while the endpoint was alone may take to open once another endpoint joins. */
const INVITED_WITHIN_MS = 3_000;

/** Time between two ticks counts up to this much: a machine that slept has not waited. */
const OBSERVED_MAX_MS = 500;

/** What the watch needs to know about its link, and what it reports. */
interface ChannelWatchOwner {
  /** Sends an echo request over the channel. */
  echo(): void;
  /** See {@link Link.reopensChannel}. */
  reopensChannel(): boolean;
  /** Whether no other endpoint is in the conference: a focus may then close the channel, which is no fault. */
  isAlone(): boolean;
  /** The channel has closed. It may reopen by itself. */
  onTrouble(): void;
  /** The channel carries messages, for the first time or again. */
  onSpeaks(): void;
  /** The channel will not come back: a fresh link is needed. */
  onDead(): void;
}

/**
 * Judges the bridge channel of one link: whether it opens in time, still carries messages while open, and reopens in time
 * once closed. Deadlines are checked in `tick`.
 */
export class ChannelWatch {
  private isOpen = false;
  private hasBeenOpen = false;
  private hasSpoken = false;
  private isSignallingUp = true;
  /** What a channel that is not open waits for; null while it may stay closed. */
  private awaits: 'opening' | 'return' | null = null;
  private waitedMs = 0;
  private openLimitMs: number;
  private tickedAtMs: number;

  /** @param unopenedLinks How many links in a row before this one never opened their channel. */
  constructor(
    private readonly owner: ChannelWatchOwner,
    private readonly liveness: ChannelLiveness,
    private readonly clock: Clock,
    unopenedLinks: number,
  ) {
    this.openLimitMs = channelOpensWithinMs(unopenedLinks);
    this.tickedAtMs = clock.nowMs();
  }

  /** Whether the channel is open and has carried a message since it opened; without echoes, whether it is open. */
  get speaks(): boolean {
    return this.isOpen && this.hasSpoken;
  }

  /** Whether the channel has ever been open. */
  get hasOpened(): boolean {
    return this.hasBeenOpen;
  }

  channel(isOpen: boolean): void {
    if (isOpen === this.isOpen) return;
    this.isOpen = isOpen;
    if (isOpen) this.opened();
    else this.closed();
  }

  signalling(isUp: boolean): void {
    this.isSignallingUp = isUp;
    // Both are gone: the server restarted or the network is down. Waiting for the link would cost seconds.
    if (!isUp && !this.isOpen && this.hasBeenOpen) this.owner.onDead();
  }

  heard(isEcho: boolean): void {
    if (!this.isOpen) return;
    this.liveness.heard(isEcho);
    this.speak();
  }

  /** The network or the machine has just come back. */
  wake(): void {
    if (this.isOpen) this.liveness.ask();
  }

  tick(): void {
    const nowMs = this.clock.nowMs();
    const passedMs = Math.min(nowMs - this.tickedAtMs, OBSERVED_MAX_MS);
    this.tickedAtMs = nowMs;
    if (this.isOpen) this.listen();
    else this.wait(passedMs);
  }

  private opened(): void {
    this.awaits = null;
    this.hasBeenOpen = true;
    this.hasSpoken = false;
    this.liveness.opened();
    this.listen();
    if (!this.liveness.isJudging) this.speak();
  }

  private closed(): void {
    this.waitedMs = 0;
    this.openLimitMs = INVITED_WITHIN_MS;
    if (!this.isSignallingUp) this.owner.onDead();
    else if (!this.owner.isAlone()) {
      this.awaits = 'return';
      this.owner.onTrouble();
    }
  }

  private speak(): void {
    if (this.hasSpoken) return;
    this.hasSpoken = true;
    this.owner.onSpeaks();
  }

  private listen(): void {
    const verdict = this.liveness.check();
    if (verdict === 'ask') this.owner.echo();
    else if (verdict === 'dead') this.owner.onDead();
  }

  private wait(passedMs: number): void {
    if (this.awaits === 'return') {
      this.waitFor(passedMs, this.owner.reopensChannel() ? REOPENS_WITHIN_MS : CHANGES_WITHIN_MS);
    } else if (this.owner.isAlone()) {
      this.awaits = null;
    } else {
      if (this.awaits === null) this.waitedMs = 0;
      this.awaits = 'opening';
      this.waitFor(passedMs, this.openLimitMs);
    }
  }

  private waitFor(passedMs: number, limitMs: number): void {
    this.waitedMs += passedMs;
    if (this.waitedMs >= limitMs) this.owner.onDead();
  }
}

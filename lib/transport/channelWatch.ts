import type { Clock } from '@/lib/core/clock';
import { AwakeTime } from './awakeTime';
import type { ChannelLiveness } from './channelLiveness';
import type { ChannelRemedies } from './channelRemedies';
import { bridgelessWaitMs, channelOpensWithinMs } from './retryPolicy';

/** How long a link that reopens its channel by itself may take to do so. */
const REOPENS_WITHIN_MS = 2_000;
/** How long a closed channel may take to be replaced by that of another session. */
const CHANGES_WITHIN_MS = 300;
/** How long a channel that closed while the endpoint was alone may take to open once another endpoint joins. */
const INVITED_WITHIN_MS = 10_000;
/**
 * How long the channel of a fresh session that was asked for may take to carry messages: over a WebSocket, and as a data channel,
 * which needs a fresh media connection.
 */
const RENEWED_WITHIN_MS = { webSocket: 5_000, dataChannel: 10_000 } as const;

/** How much longer a fresh session that was asked for may take once the network has come back: as long as a silent channel. */
const WOKEN_WITHIN_MS = 1_000;

/** What the watch needs to know about its link, and what it reports. */
interface ChannelWatchOwner {
  /** Sends an echo request over the channel. */
  echo(): void;
  /** See {@link Link.reopensChannel}. */
  reopensChannel(): boolean;
  /** See {@link Link.canRestart}. */
  canRestart(): boolean;
  /** Asks for a fresh session, whose channel replaces this one. */
  restart(): void;
  /** Whether no other endpoint is in the conference: a focus may then close the channel, which is no fault. */
  isAlone(): boolean;
  /** The channel has closed or carries nothing. It may come back. May be called again and again. */
  onTrouble(): void;
  /** The channel carries messages, for the first time or again. */
  onSpeaks(): void;
  /** The channel will not come back: a fresh link is needed. */
  onDead(): void;
}

/**
 * Judges the bridge channel of one link: whether it opens in time, still carries messages while open, and reopens in time
 * once closed; and decides what is done if not. Deadlines are checked in `tick`.
 */
export class ChannelWatch {
  private isOpen = false;
  private hasBeenOpen = false;
  private hasSpoken = false;
  private isSignallingUp = true;
  /** Whether nothing has been heard since the network or the machine came back: XMPP may be as dead as the channel. */
  private isWoken = false;
  /**
   * What a channel that carries nothing waits for: to open for the first time or by invitation, to be reopened, or the session
   * that was asked for. Null while it is open, or may stay closed.
   */
  private awaits: 'opening' | 'return' | 'session' | null = null;
  private waitedMs = 0;
  private openLimitMs: number;
  private readonly time: AwakeTime;

  /** @param unopenedLinks How many links in a row before this one never opened their channel. */
  constructor(
    private readonly owner: ChannelWatchOwner,
    private readonly liveness: ChannelLiveness,
    private readonly remedies: ChannelRemedies,
    clock: Clock,
    unopenedLinks: number,
  ) {
    this.openLimitMs = channelOpensWithinMs(unopenedLinks);
    this.time = new AwakeTime(clock);
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
    this.isWoken = false;
    this.liveness.heard(isEcho);
    this.speak();
  }

  /** The focus has no bridge: waits for a channel a few seconds only, since a fresh link makes it look for one. */
  expectNoBridge(): void {
    this.openLimitMs = Math.min(this.openLimitMs, bridgelessWaitMs(Math.random()));
  }

  /** The network or the machine has just come back. */
  wake(): void {
    this.isWoken = true;
    if (this.isOpen) this.liveness.ask();
    // The request may have been lost.
    else if (this.awaits === 'session') this.openLimitMs = Math.min(this.openLimitMs, this.waitedMs + WOKEN_WITHIN_MS);
  }

  tick(): void {
    const passedMs = this.time.tick();
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
    this.hasSpoken = false;
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
    else if (verdict === 'dead') this.mend();
  }

  private wait(passedMs: number): void {
    this.waitedMs += passedMs;
    switch (this.awaits) {
      case 'return':
        if (this.waitedMs >= (this.owner.reopensChannel() ? REOPENS_WITHIN_MS : CHANGES_WITHIN_MS)) this.mend();
        return;
      case 'session':
        if (this.waitedMs >= this.openLimitMs) this.mend();
        return;
      case 'opening':
      case null:
        this.waitForOpening(passedMs);
    }
  }

  private waitForOpening(passedMs: number): void {
    if (this.owner.isAlone()) {
      this.awaits = null;
      return;
    }
    if (this.awaits === null) this.waitedMs = passedMs;
    this.awaits = 'opening';
    if (this.waitedMs >= this.openLimitMs) this.owner.onDead();
  }

  /** The channel carries nothing although it should. */
  private mend(): void {
    const mayRestart =
      this.awaits !== 'session' &&
      !this.isWoken &&
      this.isSignallingUp &&
      !this.owner.isAlone() &&
      this.owner.canRestart();
    switch (this.remedies.next(mayRestart)) {
      case 'restart':
        this.renew();
        return;
      case 'relink':
        this.owner.onDead();
        return;
      case 'wait':
        this.goOn();
    }
  }

  private renew(): void {
    this.isOpen = false;
    this.hasSpoken = false;
    this.awaits = 'session';
    this.waitedMs = 0;
    // Once the session has ended, its link can't tell.
    this.openLimitMs = this.owner.reopensChannel() ? RENEWED_WITHIN_MS.webSocket : RENEWED_WITHIN_MS.dataChannel;
    this.owner.restart();
    this.owner.onTrouble();
  }

  /** It is too early for anything else. A message that comes after all ends the trouble. */
  private goOn(): void {
    if (!this.isOpen) this.awaits = 'return';
    this.hasSpoken = false;
    this.owner.onTrouble();
    // Echoes have stopped working, so silence no longer proves anything.
    if (this.isOpen && !this.liveness.isJudging) this.speak();
  }
}

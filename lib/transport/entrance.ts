import type { Clock } from '@/lib/core/clock';
import { FIRST_ENTRY_MAX_MS, nextRetryDelayMs, RETURN_MAX_MS } from './retryPolicy';
import { asTransportError, isFinal, lost, type TransportError, tooLate } from './transport';

/** Time between two steps counts towards giving up only up to this much: beyond it the machine slept. */
const STEP_MAX_MS = 30_000;
/** A return shorter than this was none: a link that breaks again and again must not be retried without pauses. */
export const STEADY_AFTER_MS = 5_000;

/** One outage: from the loss of the conference to a return that lasts. */
export class Outage {
  private attempts = -1;
  private elapsedMs = 0;
  /** Of {@link elapsedMs}, those since the client was last let in. */
  private unadmittedMs = 0;
  private steppedAtMs: number;
  private endedAtMs: number | null = null;

  constructor(private readonly clock: Clock) {
    this.steppedAtMs = clock.nowMs();
  }

  /** The conference was lost, for the first time or again, or an attempt to reconnect failed. */
  lostAgain(): void {
    this.attempts += 1;
    this.endedAtMs = null;
  }

  /** The client may still enter: it has a pass. */
  admitted(): void {
    this.unadmittedMs = 0;
  }

  /** The transport is live again. */
  end(): void {
    this.endedAtMs = this.clock.nowMs();
  }

  /** Whether a loss at this moment would continue this outage. */
  goesOn(): boolean {
    return this.endedAtMs === null || this.clock.nowMs() - this.endedAtMs < STEADY_AFTER_MS;
  }

  /** The network is back. Attempts made without one do not count. */
  restart(): void {
    this.attempts = -1;
    this.elapsedMs = 0;
    this.unadmittedMs = 0;
    this.steppedAtMs = this.clock.nowMs();
  }

  /** Milliseconds until the next attempt; null to give up. */
  nextDelayMs(isBridgeAway: boolean, random: number): number | null {
    const nowMs = this.clock.nowMs();
    const stepMs = Math.min(nowMs - this.steppedAtMs, STEP_MAX_MS);
    this.elapsedMs += stepMs;
    this.unadmittedMs += stepMs;
    this.steppedAtMs = nowMs;
    const { attempts, elapsedMs, unadmittedMs } = this;
    return nextRetryDelayMs({ attempts, elapsedMs, unadmittedMs, isBridgeAway, random });
  }
}

/** One attempt at something that takes time. It ends when its work does, when it is called off, or when time runs out. */
export class Attempt {
  private cut: (reason: Error) => void = () => {};
  private over = false;

  /** Whether its result is no longer wanted. */
  get isOver(): boolean {
    return this.over;
  }

  /** Waits for `work` for at most `limitMs`. @throws what `work` throws, the reason it was called off with, or `late()` */
  async run<T>(work: Promise<T>, limitMs: number, late: () => Error): Promise<T> {
    const timer = setTimeout(() => this.callOff(late()), limitMs);
    const cutShort = new Promise<never>((_resolve, reject) => {
      this.cut = reject;
    });
    try {
      return await Promise.race([work, cutShort]);
    } finally {
      clearTimeout(timer);
      this.over = true;
    }
  }

  callOff(reason: Error): void {
    this.over = true;
    this.cut(reason);
  }
}

/** An attempt younger than this may have started after the network came back, unless it has no pass within that time from then on. */
const FRESH_ATTEMPT_MS = 1_000;
const PASS_WITHIN_MS = 2_000;

/** What an entrance leads into. */
interface EntranceOwner {
  /** Enters over a fresh link. Its result is dropped once the attempt is over. @throws whatever goes wrong */
  enter(attempt: Attempt): Promise<void>;
  /** An attempt failed: release what it created. */
  onFailedAttempt(error: unknown): void;
  /** There will be no further attempt. */
  onGivenUp(error: TransportError): void;
}

/** Enters a conference, first and again after each loss: one attempt at a time, paced by the retry policy. */
export class Entrance {
  private attempt: Attempt | null = null;
  private attemptedAtMs = 0;
  private retryTimer: ReturnType<typeof setTimeout> | null = null;
  private doubtTimer: ReturnType<typeof setTimeout> | null = null;
  private outage: Outage | null = null;

  constructor(
    private readonly owner: EntranceOwner,
    private readonly clock: Clock,
  ) {}

  /** The first attempt. @throws TransportError */
  async first(): Promise<void> {
    try {
      await this.tryOnce(FIRST_ENTRY_MAX_MS);
    } catch (error) {
      throw asTransportError(error);
    }
  }

  /** Makes the attempt under way fail with `reason`. Returns false if there is none. */
  callOff(reason: TransportError): boolean {
    this.attempt?.callOff(reason);
    return this.attempt !== null;
  }

  /**
   * The conference is lost: tries to reconnect, and gives up once the client has not been let in for long.
   * @param isBridgeAway Whether the focus has no bridge: then a link waits for its channel, which paces the attempts.
   */
  reconnect(cause: TransportError, isBridgeAway = false): void {
    const outage = this.outage?.goesOn() ? this.outage : new Outage(this.clock);
    this.outage = outage;
    this.tryLater(outage, cause, isBridgeAway);
  }

  /** The attempt under way has a pass: as long as it may enter, it goes on trying. */
  admitted(): void {
    this.outage?.admitted();
    this.trust();
  }

  /** The transport is live again. */
  arrived(): void {
    this.outage?.end();
  }

  /** The network is back: tries now, and abandons an attempt that began on the old network. */
  wake(): void {
    this.outage?.restart();
    this.trust();
    if (this.retryTimer) this.tryNow();
    else if (this.clock.nowMs() - this.attemptedAtMs > FRESH_ATTEMPT_MS) this.callOff(lost());
    else this.doubtTimer = setTimeout(() => this.callOff(lost()), PASS_WITHIN_MS);
  }

  /** Makes no further attempt. The one under way fails with `reason`. */
  stop(reason: TransportError): void {
    this.clearTimer();
    this.outage = null;
    this.callOff(reason);
  }

  private async tryOnce(limitMs: number): Promise<void> {
    const attempt = new Attempt();
    this.attempt = attempt;
    this.attemptedAtMs = this.clock.nowMs();
    try {
      await attempt.run(this.owner.enter(attempt), limitMs, tooLate);
    } catch (error) {
      this.owner.onFailedAttempt(error);
      throw error;
    } finally {
      this.attempt = null;
      this.trust();
    }
  }

  /** The attempt under way need not prove that the network is there. */
  private trust(): void {
    if (this.doubtTimer) clearTimeout(this.doubtTimer);
    this.doubtTimer = null;
  }

  private tryLater(outage: Outage, cause: TransportError, isBridgeAway = false): void {
    this.clearTimer();
    outage.lostAgain();
    const delayMs = isFinal(cause) ? null : outage.nextDelayMs(isBridgeAway, Math.random());
    if (delayMs === null) this.owner.onGivenUp(cause);
    else this.retryTimer = setTimeout(() => this.tryNow(), delayMs);
  }

  private tryNow(): void {
    this.clearTimer();
    if (this.outage) void this.tryAgain(this.outage);
  }

  private async tryAgain(outage: Outage): Promise<void> {
    try {
      await this.tryOnce(RETURN_MAX_MS);
    } catch (error) {
      if (this.outage === outage) this.tryLater(outage, asTransportError(error));
    }
  }

  private clearTimer(): void {
    if (this.retryTimer) clearTimeout(this.retryTimer);
    this.retryTimer = null;
  }
}

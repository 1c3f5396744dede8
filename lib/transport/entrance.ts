import type { Clock } from '@/lib/core/clock';
import { FIRST_ENTRY_MAX_MS, nextRetryDelayMs, RETURN_MAX_MS } from './retryPolicy';
import { asTransportError, isFinal, lost, type TransportError, tooLate } from './transport';

/** A stretch longer than this between two steps was slept through; it counts no further against the time to give up. */
const STEP_MAX_MS = 30_000;
/** Who is back for less than this and lost again, was not back: an end without end must not become a storm. */
export const STEADY_AFTER_MS = 5_000;

/** One loss of the conference, from the loss to a return that lasts. */
export class Outage {
  private attempts = -1;
  private elapsedMs = 0;
  private steppedAtMs: number;
  private endedAtMs: number | null = null;

  constructor(private readonly clock: Clock) {
    this.steppedAtMs = clock.nowMs();
  }

  /** The conference was lost, for the first time or again; or an attempt to come back has failed. */
  lostAgain(): void {
    this.attempts += 1;
    this.endedAtMs = null;
  }

  /** One is back. */
  end(): void {
    this.endedAtMs = this.clock.nowMs();
  }

  /** Whether a loss now belongs to this outage. */
  goesOn(): boolean {
    return this.endedAtMs === null || this.clock.nowMs() - this.endedAtMs < STEADY_AFTER_MS;
  }

  /** The network is back: what was tried without one does not count. */
  beginAnew(): void {
    this.attempts = -1;
    this.elapsedMs = 0;
    this.steppedAtMs = this.clock.nowMs();
  }

  /** Milliseconds until the next attempt; null when it is time to give up. */
  nextDelayMs(random: number): number | null {
    const nowMs = this.clock.nowMs();
    this.elapsedMs += Math.min(nowMs - this.steppedAtMs, STEP_MAX_MS);
    this.steppedAtMs = nowMs;
    return nextRetryDelayMs({ attempts: this.attempts, elapsedMs: this.elapsedMs, random });
  }
}

/** One attempt at something that takes time: it ends by its own end, by being called off, or by running out of time. */
export class Attempt {
  private cut: (reason: Error) => void = () => {};
  private over = false;

  /** Whether its result is not wanted any more. */
  get isOver(): boolean {
    return this.over;
  }

  /** Waits for `work` for at most `limitMs`. @throws what `work` throws, what it was called off with, or `late()` */
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

/** An attempt younger than this has begun after the network came back, or as good as. */
const FRESH_ATTEMPT_MS = 1_000;

/** What the entrance is to. */
export interface EntranceOwner {
  /** Enters by a fresh link; what comes of it once the attempt is over is not wanted. @throws whatever goes wrong */
  enter(attempt: Attempt): Promise<void>;
  /** An attempt has come to nothing: what it had begun is to be let go. */
  onFailedAttempt(): void;
  /** There will be no further attempt. */
  onGivenUp(error: TransportError): void;
}

/** The way into a conference, for the first time and again after each loss: one attempt at a time, by the retry policy. */
export class Entrance {
  private attempt: Attempt | null = null;
  private attemptedAtMs = 0;
  private retryTimer: ReturnType<typeof setTimeout> | null = null;
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

  /** Ends the attempt under way, which fails with `reason`. Returns false where there is none. */
  callOff(reason: TransportError): boolean {
    this.attempt?.callOff(reason);
    return this.attempt !== null;
  }

  /** The conference is lost: comes back, or gives up in the end. */
  comeBack(cause: TransportError): void {
    const outage = this.outage?.goesOn() ? this.outage : new Outage(this.clock);
    this.outage = outage;
    this.tryLater(outage, cause);
  }

  /** All is well again. */
  arrived(): void {
    this.outage?.end();
  }

  /** The network is back: tries now, and no longer over the one before. */
  wake(): void {
    this.outage?.beginAnew();
    if (this.retryTimer) this.tryNow();
    else if (this.clock.nowMs() - this.attemptedAtMs > FRESH_ATTEMPT_MS) this.callOff(lost());
  }

  /** No further attempt; the one under way fails with `reason`. */
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
      this.owner.onFailedAttempt();
      throw error;
    } finally {
      this.attempt = null;
    }
  }

  private tryLater(outage: Outage, cause: TransportError): void {
    this.clearTimer();
    outage.lostAgain();
    const delayMs = isFinal(cause) ? null : outage.nextDelayMs(Math.random());
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

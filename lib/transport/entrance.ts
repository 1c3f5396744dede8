import type { Clock } from '@/lib/core/clock';
import { Attempt } from './attempt';
import { Outage } from './outage';
import { FIRST_ENTRY_MAX_MS, RETURN_MAX_MS } from './retryPolicy';
import type { TransportError } from './transport';
import { asTransportError, isFinal, lost, tooLate } from './transportErrors';

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

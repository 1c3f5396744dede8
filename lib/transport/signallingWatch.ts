import type { Clock } from '@/lib/core/clock';
import { AwakeTime } from './awakeTime';

/** An XMPP connection that is cut for longer is missed: the client library takes about two seconds to resume. */
const MISSED_AFTER_MS = 1_500;
/** One that is cut for longer is given up: the library may wait for half a minute, only to hear that the server has forgotten it. */
const GIVEN_UP_AFTER_MS = 5_000;

/** Judges how long the XMPP connection of one link has been cut. Time counts in `tick`. */
export class SignallingWatch {
  private isUp = true;
  private isOver = false;
  private cutMs = 0;
  private readonly time: AwakeTime;

  constructor(clock: Clock) {
    this.time = new AwakeTime(clock);
  }

  /** Whether people should be told that it is cut. */
  get isMissed(): boolean {
    return this.isOver || this.cutMs >= MISSED_AFTER_MS;
  }

  /** Whether a fresh link is needed. */
  get isGivenUp(): boolean {
    return this.isOver || this.cutMs >= GIVEN_UP_AFTER_MS;
  }

  signalling(isUp: boolean): void {
    this.isUp = isUp;
    this.cutMs = 0;
  }

  /** It will not come back. */
  end(): void {
    this.isOver = true;
  }

  tick(): void {
    const passedMs = this.time.tick();
    if (!this.isUp) this.cutMs += passedMs;
  }
}

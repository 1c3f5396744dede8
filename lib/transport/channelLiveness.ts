import type { Clock } from '@/lib/core/clock';

/** After this long without a message one is sent to oneself. */
export const QUIET_MS = 500;
/** After this long without a message, though asked for, a channel is dead. */
export const DEAD_MS = 1500;
/** How often `check` is meant to be called. */
export const LIVENESS_TICK_MS = 250;

/** Time between two checks counts as silence up to this much: who slept, or drew for a second a frame, has not listened. */
const OBSERVED_MAX_MS = 300;

/** What to do now: nothing, send a message to oneself, or take the channel for dead. */
export type LivenessVerdict = 'fine' | 'ask' | 'dead';

/**
 * Whether an open bridge channel still carries messages. SCTP channels and half-open sockets say nothing when they break,
 * so silence is answered by a message to oneself, which a bridge returns. Where none has ever come back (the bridge drops
 * what a visitor sends), silence means nothing. Driven by its caller and a clock; holds no timer.
 */
export class ChannelLiveness {
  private checkedAtMs = 0;
  private silenceMs = 0;
  private askedAtSilenceMs = 0;
  private hasEchoed = false;
  private hasSpoken = false;

  constructor(private readonly clock: Clock) {}

  /** Whether echoes come back, so that silence can be judged. */
  get isJudging(): boolean {
    return this.hasEchoed;
  }

  /** A channel has opened, the first or another: it is asked at once, which is the self-test of echoes too. */
  opened(): void {
    this.hasSpoken = false;
    this.silenceMs = 0;
    this.checkedAtMs = this.clock.nowMs();
    this.ask();
  }

  /** A message came over the channel. */
  heard(isEcho: boolean): void {
    this.silenceMs = 0;
    this.askedAtSilenceMs = 0;
    this.hasSpoken = true;
    if (isEcho) this.hasEchoed = true;
  }

  /** Asks at the next check, and judges by the answer: the network or the machine may have been away. */
  ask(): void {
    this.silenceMs = Math.max(this.silenceMs, QUIET_MS);
    this.askedAtSilenceMs = this.silenceMs - QUIET_MS;
  }

  check(): LivenessVerdict {
    const nowMs = this.clock.nowMs();
    this.silenceMs += Math.min(nowMs - this.checkedAtMs, OBSERVED_MAX_MS);
    this.checkedAtMs = nowMs;
    if (this.silenceMs >= DEAD_MS) return this.judge();
    if (this.silenceMs - this.askedAtSilenceMs < QUIET_MS) return 'fine';
    this.askedAtSilenceMs = this.silenceMs;
    return 'ask';
  }

  private judge(): LivenessVerdict {
    if (!this.hasEchoed) return 'fine';
    // A channel that never spoke may be one without echoes: the next one has to show them anew.
    if (!this.hasSpoken) this.hasEchoed = false;
    return 'dead';
  }
}

import type { Clock } from '@/lib/core/clock';

/** After this long without a message the client sends an echo request: a message to its own endpoint. */
const QUIET_MS = 500;
/** After this long without a message, not even an echo, a channel is dead. */
const DEAD_MS = 1500;
/** How often to call `check`. */
export const LIVENESS_TICK_MS = 250;

/** Time between two checks that counts as silence at most. What a check is late by beyond this is taken off again. */
const OBSERVED_MAX_MS = 300;
/** What counts at least, so that a dead channel is found on a machine that is always late. */
const OBSERVED_MIN_MS = 100;

/** What to do now: nothing, send an echo request, or treat the channel as dead. */
type LivenessVerdict = 'fine' | 'ask' | 'dead';

/**
 * Silence that the time between two checks proves. A machine that slept, stalled or is busy has not listened, and messages may
 * be waiting unread: the later a check comes, the less it proves.
 */
function observedMs(passedMs: number): number {
  if (passedMs <= OBSERVED_MAX_MS) return passedMs;
  return Math.max(OBSERVED_MIN_MS, 2 * OBSERVED_MAX_MS - passedMs);
}

/**
 * Judges whether an open bridge channel still carries messages. SCTP channels and half-open sockets break without notice,
 * so silence is answered with an echo request: a message to the client's own endpoint, which the bridge returns. If no echo
 * has ever come back (a bridge drops what a visitor sends), silence proves nothing. Driven by its caller and a clock; holds
 * no timer.
 */
export class ChannelLiveness {
  private checkedAtMs = 0;
  private silenceMs = 0;
  private askedAtSilenceMs = 0;
  private hasSpoken = false;

  /** @param hasEchoed Whether echoes came back over the channel of an earlier link. */
  constructor(
    private readonly clock: Clock,
    private hasEchoed = false,
  ) {}

  /** Whether echoes come back, so that silence is evidence. */
  get isJudging(): boolean {
    return this.hasEchoed;
  }

  /** A channel has opened. The first check asks for an echo, which also tests whether echoes work at all. */
  opened(): void {
    this.hasSpoken = false;
    this.silenceMs = 0;
    this.checkedAtMs = this.clock.nowMs();
    this.ask();
  }

  /** A message arrived. */
  heard(isEcho: boolean): void {
    this.silenceMs = 0;
    this.askedAtSilenceMs = 0;
    this.hasSpoken = true;
    if (isEcho) this.hasEchoed = true;
  }

  /** Asks for an echo at the next check, because the network or the machine may have been away. */
  ask(): void {
    this.silenceMs = Math.max(this.silenceMs, QUIET_MS);
    this.askedAtSilenceMs = this.silenceMs - QUIET_MS;
  }

  check(): LivenessVerdict {
    const nowMs = this.clock.nowMs();
    const passedMs = nowMs - this.checkedAtMs;
    this.checkedAtMs = nowMs;
    this.silenceMs += observedMs(passedMs);
    if (this.silenceMs >= DEAD_MS) return this.judge();
    if (this.silenceMs - this.askedAtSilenceMs < QUIET_MS) return 'fine';
    this.askedAtSilenceMs = this.silenceMs;
    return 'ask';
  }

  private judge(): LivenessVerdict {
    if (!this.hasEchoed) return 'fine';
    // This channel never carried anything, so echoes may have stopped working: the next one must prove them again.
    if (!this.hasSpoken) this.hasEchoed = false;
    return 'dead';
  }
}

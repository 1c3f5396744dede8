import type { Clock } from '@/lib/core/clock';

/** Faults of a hub, for tests and development: those that it begins with, and those that `Hub.strike` brings about. */
export interface HubFaultSettings {
  /** How long the bridge takes for each session. */
  readonly allocationMs: number;
  /** How long there is no bridge, from the hub's start. */
  readonly noBridgeMs: number;
  /** How long there is none after a stroke: 0 if another one is there at once, null if a stroke spares it. */
  readonly loseBridgeMs: number | null;
  /** How long the XMPP server is away after a stroke; null if that spares it. */
  readonly loseXmppMs: number | null;
}

export const NO_FAULTS: HubFaultSettings = { allocationMs: 0, noBridgeMs: 0, loseBridgeMs: null, loseXmppMs: null };

/** A focus waits this long for a bridge that has died without a word (jicofo.conf, `reply-timeout`). */
const UNANSWERED_MAX_MS = 15_000;

/** The faults of a hub now. */
export class HubFaults {
  allocationMs: number;
  private noBridgeUntilMs: number;
  private unansweredUntilMs = Number.NEGATIVE_INFINITY;
  private noXmppUntilMs = Number.NEGATIVE_INFINITY;

  constructor(
    { allocationMs, noBridgeMs }: HubFaultSettings,
    private readonly clock: Clock,
  ) {
    this.allocationMs = allocationMs;
    this.noBridgeUntilMs = clock.nowMs() + noBridgeMs;
  }

  /** Whether the focus knows of no bridge that works. */
  get isBridgeAway(): boolean {
    return this.clock.nowMs() < this.noBridgeUntilMs;
  }

  /** Whether the focus waits for the answers of a bridge that is gone. */
  get isBridgeSilent(): boolean {
    return this.clock.nowMs() < this.unansweredUntilMs;
  }

  get isXmppAway(): boolean {
    return this.clock.nowMs() < this.noXmppUntilMs;
  }

  /** From now on there is no bridge for `ms`, and the focus waits in vain for the first part of it. */
  bridgeAwayFor(ms: number): void {
    const nowMs = this.clock.nowMs();
    this.noBridgeUntilMs = nowMs + ms;
    this.unansweredUntilMs = nowMs + Math.min(ms, UNANSWERED_MAX_MS);
  }

  /** From now on there is no XMPP server for `ms`. */
  xmppAwayFor(ms: number): void {
    this.noXmppUntilMs = this.clock.nowMs() + ms;
  }
}

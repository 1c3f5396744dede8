import type { Clock } from '@/lib/core/clock';

/** Faults that a hub begins with, for tests and development. */
export interface HubFaultSettings {
  /** How long the bridge takes for each session. */
  readonly allocationMs: number;
  /** How long there is no bridge, from the hub's start. */
  readonly noBridgeMs: number;
}

export const NO_FAULTS: HubFaultSettings = { allocationMs: 0, noBridgeMs: 0 };

/** The faults of a hub now. */
export class HubFaults {
  allocationMs: number;
  private noBridgeUntilMs: number;

  constructor(
    { allocationMs, noBridgeMs }: HubFaultSettings,
    private readonly clock: Clock,
  ) {
    this.allocationMs = allocationMs;
    this.noBridgeUntilMs = clock.nowMs() + noBridgeMs;
  }

  get isBridgeAway(): boolean {
    return this.clock.nowMs() < this.noBridgeUntilMs;
  }

  /** From now on there is no bridge for `ms`. */
  bridgeAwayFor(ms: number): void {
    this.noBridgeUntilMs = this.clock.nowMs() + ms;
  }
}

import type { Emitter } from '@/lib/core/emitter';
import type { Log } from '@/lib/core/log';
import type { TransportEvents, TransportTrouble } from './transport';

/** Tells what of the conference is out of reach (SPEC.md, T-55). */
export class TroubleWatch {
  private told: TransportTrouble = 'none';
  private hasNoBridge = false;

  constructor(
    private readonly events: Emitter<TransportEvents>,
    private readonly log: Log,
  ) {}

  get current(): TransportTrouble {
    return this.told;
  }

  /** Whether the focus has no bridge, as far as is known. */
  get isBridgeAway(): boolean {
    return this.hasNoBridge;
  }

  /** The focus has no bridge, or has one again. Call {@link look} after it. */
  noteBridge(isAway: boolean): void {
    this.hasNoBridge = isAway;
  }

  /** Raises an event if the trouble has changed. `isMissed`: whether XMPP has been cut for longer than a moment. */
  look(isMissed: boolean): void {
    const trouble = isMissed ? 'signalling' : this.hasNoBridge ? 'bridge' : 'none';
    if (trouble === this.told) return;
    this.told = trouble;
    this.log.debug('transport trouble', { trouble });
    this.events.emit('trouble', { trouble });
  }
}

import { framesPerPacket } from './framesPerPacket';
import type { QualityChoice, QualitySignals } from './quality';
import { decisionOf, initialQuality, nextQuality, type QualityState, tierOf } from './qualityPolicy';
import { soundSignals } from './soundSignals';

const SEEDS = 0x1_0000_0000;

/** Decides how one person's poses are sent: the policy with a memory. Rules in SPEC.md. */
export class QualityController {
  private state: QualityState | null = null;
  private lastMs = 0;
  private choice: QualityChoice | null = null;

  /** `seed` makes people differ in when they try for more; the same seed and signals give the same choices. */
  constructor(private readonly seed = Math.floor(Math.random() * SEEDS)) {}

  /**
   * To be called each 500 ms or so. Never throws, whatever the figures. The same object as before where nothing changed, so
   * that a change can be told by identity.
   */
  decide(signals: QualitySignals): QualityChoice {
    const sound = soundSignals(signals, this.lastMs);
    this.lastMs = sound.nowMs;
    this.state = nextQuality(this.state ?? initialQuality(sound, this.seed), sound);
    const decision = decisionOf(this.state, sound);
    const tier = tierOf(decision);
    if (this.choice?.tier === tier && this.choice.reason === decision.reason) return this.choice;
    this.choice = { tier, framesPerPacket: framesPerPacket(tier), reason: decision.reason };
    return this.choice;
  }
}

import type { QualityChoice, QualitySignals } from '@/lib/quality/quality';
import { QualityController } from '@/lib/quality/qualityController';
import { TIERS } from '@/lib/quality/tiers';

/** Reports of a receiver that sees well, that sees old poses, that sees next to nothing new, and that loses many packets. */
export const WELL = { ageMs: 120, lostShare: 0 };
export const OLD = { ageMs: 900, lostShare: 0 };
export const STUCK = { ageMs: 4_000, lostShare: 0 };
export const TORN = { ageMs: 120, lostShare: 0.2 };

/** Four people for whom all is well. */
export const CALM: QualitySignals = {
  nowMs: 0,
  base: TIERS.high,
  seated: 4,
  bandwidthMaxBps: 1_500_000,
  backlogBytes: 0,
  reports: [WELL, WELL, WELL],
  othersAgeMs: 120,
  downlinkBps: null,
  wireBps: 30_000,
  isHidden: false,
  frameMs: 16,
};

/** Asks a controller twice a second for its choice. */
export class Asker {
  nowMs = 0;
  private readonly controller = new QualityController(1);

  constructor(private readonly usual: Partial<QualitySignals> = {}) {}

  /** The choice after `seconds` of these signals. */
  after(seconds: number, signals: Partial<QualitySignals> = {}) {
    let choice = this.ask(signals);
    for (const endMs = this.nowMs + seconds * 1000; this.nowMs < endMs; ) {
      this.nowMs += 500;
      choice = this.ask(signals);
    }
    return choice;
  }

  /** The same as "fps/compression reason": "30/3 people". */
  short(seconds: number, signals: Partial<QualitySignals> = {}): string {
    const { tier, reason } = this.after(seconds, signals);
    return `${tier.fps}/${tier.compression} ${reason}`;
  }

  /** Goes on with these signals until the choice is as wanted. @throws Error after a simulated hour */
  until(isWanted: (choice: QualityChoice) => boolean, signals: Partial<QualitySignals> = {}): QualityChoice {
    for (const endMs = this.nowMs + 3_600_000; this.nowMs < endMs; ) {
      const choice = this.after(0.5, signals);
      if (isWanted(choice)) return choice;
    }
    throw new Error('That choice never came.');
  }

  private ask(signals: Partial<QualitySignals>) {
    return this.controller.decide({ ...CALM, ...this.usual, ...signals, nowMs: this.nowMs });
  }
}

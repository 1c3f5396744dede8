import { type ArrangementName, TABLE_SEATS_MAX } from './plan/arrangement';

/** A room that has become too large stays so this long: who drops out for a moment must not move everybody. */
export const SHRINK_AFTER_MS = 30_000;

/** Which arrangement a meeting has: a table while it is enough, an arc from the moment it isn't. */
export class ArrangementChoice {
  private chosen: ArrangementName | null = null;
  private smallSinceMs = Number.NaN;

  /** What was chosen last. */
  get name(): ArrangementName {
    return this.chosen ?? 'table';
  }

  /** Takes note of the highest seat taken (-1 where none is) at `nowMs`; true where everybody is to be moved. */
  update(highestSeat: number, nowMs: number): boolean {
    const needed: ArrangementName = highestSeat < TABLE_SEATS_MAX ? 'table' : 'arc';
    if (needed === this.chosen) {
      this.smallSinceMs = Number.NaN;
      return false;
    }
    if (this.chosen === 'arc' && !this.isSmallForLong(nowMs)) return false;
    this.smallSinceMs = Number.NaN;
    this.chosen = needed;
    return true;
  }

  private isSmallForLong(nowMs: number): boolean {
    if (Number.isNaN(this.smallSinceMs)) this.smallSinceMs = nowMs;
    return nowMs - this.smallSinceMs >= SHRINK_AFTER_MS;
  }
}

/** A stay that the server cuts off is begun anew; more often than this within the span below, it is given up. */
const FRESH_STARTS_MAX = 3;
const FRESH_STARTS_SPAN_MS = 60_000;

/** How often a stay was begun anew lately. */
export class FreshStarts {
  private startsMs: number[] = [];

  /** Notes a start at `nowMs`; whether it is worth trying. */
  admit(nowMs: number): boolean {
    this.startsMs = [...this.startsMs.filter((atMs) => nowMs - atMs < FRESH_STARTS_SPAN_MS), nowMs];
    return this.startsMs.length <= FRESH_STARTS_MAX;
  }
}

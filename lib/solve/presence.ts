/** A part that is looked for in vain for so long counts as lost. */
const NOT_FOUND_MS = 150;
/**
 * So does one that nobody has looked for: its reading is then too old to be true. A slow machine reads a body twice a second,
 * and must not lose it in between.
 */
const NOT_READ_MS = 1000;

/** Whether a part of the person is in sight: one picture that misses it doesn't lose it. */
export class Presence {
  private unseenMs = Number.POSITIVE_INFINITY;
  private isThere = false;

  /** Time since the part was last seen. */
  get absentMs(): number {
    return this.unseenMs;
  }

  get isPresent(): boolean {
    return this.unseenMs < (this.isThere ? NOT_READ_MS : NOT_FOUND_MS);
  }

  /** Lets time pass; `isThere`: there is a reading of the part, `isNew`: one that has not been seen before. */
  advance(dtMs: number, isThere: boolean, isNew: boolean): void {
    this.isThere = isThere;
    this.unseenMs = isNew ? 0 : this.unseenMs + dtMs;
  }
}

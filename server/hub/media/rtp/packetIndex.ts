const SEQUENCES = 65_536;
const WINDOW = 1_024;

/** Extends 16-bit sequence numbers to packet indices and remembers which were taken (RFC 3711, 3.3.1 and 3.3.2). */
export class PacketIndex {
  private highest = -1;
  private seen: Float64Array | null = null;

  /** The index of `sequence` that is nearest to the previous ones. May be negative before the first wrap. */
  estimate(sequence: number): number {
    if (this.highest < 0) return sequence;
    const rollover = this.highest - (this.highest % SEQUENCES);
    const index = rollover + sequence;
    if (index - this.highest > SEQUENCES / 2) return index - SEQUENCES;
    if (this.highest - index > SEQUENCES / 2) return index + SEQUENCES;
    return index;
  }

  /** Whether a packet with this index may be taken: it is not too old, and was not passed to `take` before. */
  isFresh(index: number): boolean {
    if (index < 0 || index <= this.highest - WINDOW) return false;
    return this.seen?.[index % WINDOW] !== index;
  }

  /** Marks an index as taken, so that a second packet with it is not fresh. */
  take(index: number): void {
    this.seen ??= new Float64Array(WINDOW).fill(-1);
    this.seen[index % WINDOW] = index;
    this.advance(index);
  }

  /** Advances to an index without remembering it. */
  advance(index: number): void {
    if (index > this.highest) this.highest = index;
  }
}

const SEQUENCES = 65_536;
const WINDOW = 1_024;

/** Extends 16-bit sequence numbers to packet indices and knows which have been (RFC 3711, 3.3.1 and 3.3.2). */
export class PacketIndex {
  private highest = -1;
  private seen: Float64Array | null = null;

  /** Index of the packet with `sequence`, as near as can be to those before; may be negative before the first wrap. */
  estimate(sequence: number): number {
    if (this.highest < 0) return sequence;
    const rollover = this.highest - (this.highest % SEQUENCES);
    const index = rollover + sequence;
    if (index - this.highest > SEQUENCES / 2) return index - SEQUENCES;
    if (this.highest - index > SEQUENCES / 2) return index + SEQUENCES;
    return index;
  }

  /** Whether a packet of this index may be taken: not too old, and not taken before where `take` was told of it. */
  isFresh(index: number): boolean {
    if (index < 0 || index <= this.highest - WINDOW) return false;
    return this.seen?.[index % WINDOW] !== index;
  }

  /** Marks an index as taken; a second packet of it isn't fresh. */
  take(index: number): void {
    this.seen ??= new Float64Array(WINDOW).fill(-1);
    this.seen[index % WINDOW] = index;
    this.advance(index);
  }

  /** Moves on to an index without remembering it. */
  advance(index: number): void {
    if (index > this.highest) this.highest = index;
  }
}

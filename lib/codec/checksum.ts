/** Multiplier of Fibonacci hashing: 2^32 over the golden ratio, odd. */
const MULTIPLIER = 0x9e3779b1;
const START = 0x5bd1e995;

/**
 * A running hash of everything decoded since the last keyframe: a few bits of it in each packet tell a receiver that it is
 * no longer where the sender is, whatever the reason.
 */
export class Checksum {
  private readonly state = new Int32Array(1);

  reset(): void {
    this.state[0] = START;
  }

  /** Takes in a whole number. */
  mix(value: number): void {
    const mixed = Math.imul(this.state[0]! ^ value, MULTIPLIER);
    this.state[0] = mixed ^ (mixed >>> 15);
  }

  /** Its highest `count` bits. */
  bits(count: number): number {
    return this.state[0]! >>> (32 - count);
  }
}

type Random = () => number;

/** Numbers at which readers of lengths and offsets go wrong. */
const EDGES = [0, 1, 0x7f, 0x80, 0xff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

/** Damages bytes in every way that a disk, a network, a bug or an attacker could. */
export class ByteMutator {
  constructor(private readonly random: Random) {}

  /** A damaged copy of `bytes`; `others` are bytes of the same kind, of which parts may come in. */
  mutate(bytes: Uint8Array, others: readonly Uint8Array[]): Uint8Array {
    let damaged: Uint8Array = bytes.slice();
    const ways = this.random() < 0.2 ? 3 : 1;
    for (let way = 0; way < ways; way += 1) damaged = this.spoil(damaged, others);
    return damaged;
  }

  private below(count: number): number {
    return Math.floor(this.random() * count);
  }

  private spoil(bytes: Uint8Array, others: readonly Uint8Array[]): Uint8Array {
    const other = others[this.below(others.length)] ?? bytes;
    const ways: ReadonlyArray<() => Uint8Array> = [
      () => this.flipBits(bytes),
      () => this.setBytes(bytes),
      () => this.setNumber(bytes),
      () => this.fill(bytes),
      () => bytes.slice(0, this.below(bytes.length + 1)),
      () => bytes.slice(this.below(bytes.length + 1)),
      () => this.insert(bytes, this.noise(1 + this.below(64))),
      () => this.insert(bytes, this.partOf(other)),
      () => this.takeOut(bytes),
      () => this.writeOver(bytes, this.partOf(other)),
      () => this.noise(this.below(400)),
    ];
    return ways[this.below(ways.length)]!();
  }

  private noise(count: number): Uint8Array {
    return Uint8Array.from({ length: count }, () => this.below(256));
  }

  private partOf(bytes: Uint8Array): Uint8Array {
    const from = this.below(bytes.length + 1);
    return bytes.slice(from, from + this.below(bytes.length - from + 1));
  }

  private flipBits(bytes: Uint8Array): Uint8Array {
    if (bytes.length === 0) return bytes;
    for (let k = this.below(4); k >= 0; k -= 1) bytes[this.below(bytes.length)]! ^= 1 << this.below(8);
    return bytes;
  }

  private setBytes(bytes: Uint8Array): Uint8Array {
    if (bytes.length === 0) return bytes;
    for (let k = this.below(8); k >= 0; k -= 1) bytes[this.below(bytes.length)] = this.below(256);
    return bytes;
  }

  private setNumber(bytes: Uint8Array): Uint8Array {
    if (bytes.length < 4) return bytes;
    const at = this.below(bytes.length - 3);
    new DataView(bytes.buffer, bytes.byteOffset).setUint32(at, EDGES[this.below(EDGES.length)]!, true);
    return bytes;
  }

  private fill(bytes: Uint8Array): Uint8Array {
    const from = this.below(bytes.length + 1);
    const value = [0, 0x50, 0x80, 0xff][this.below(4)]!;
    return bytes.fill(value, from, from + this.below(200));
  }

  private insert(bytes: Uint8Array, part: Uint8Array): Uint8Array {
    const at = this.below(bytes.length + 1);
    const longer = new Uint8Array(bytes.length + part.length);
    longer.set(bytes.subarray(0, at));
    longer.set(part, at);
    longer.set(bytes.subarray(at), at + part.length);
    return longer;
  }

  private takeOut(bytes: Uint8Array): Uint8Array {
    const from = this.below(bytes.length + 1);
    const to = from + this.below(Math.min(200, bytes.length - from) + 1);
    const shorter = new Uint8Array(bytes.length - (to - from));
    shorter.set(bytes.subarray(0, from));
    shorter.set(bytes.subarray(to), from);
    return shorter;
  }

  private writeOver(bytes: Uint8Array, part: Uint8Array): Uint8Array {
    const at = this.below(bytes.length + 1);
    bytes.set(part.subarray(0, bytes.length - at), at);
    return bytes;
  }
}

import { PACKET_MAX_BYTES } from '@/lib/codec/codec';
import type { TapePacket } from './packetTape';

type Random = () => number;

const LONGEST_BYTES = PACKET_MAX_BYTES + 100;
/** Bytes around the packet in its buffer, so that reading outside yields data. */
const MARGIN_BYTES = 64;
const HEADER_BYTES = 8;
const NEAR_PACKETS = 2;

/** Damages packets of a tape in every way that a network, a bug or an attacker could. */
export class PacketMutator {
  private readonly buffer = new Uint8Array(LONGEST_BYTES + 2 * MARGIN_BYTES);
  private readonly bytes = this.buffer.subarray(MARGIN_BYTES, MARGIN_BYTES + LONGEST_BYTES);
  private length = 0;
  private index = 0;

  constructor(private readonly random: Random) {}

  /** A damaged copy of `tape[index]`, valid until the next call. */
  mutate(tape: readonly TapePacket[], index: number): Uint8Array {
    this.index = index;
    this.load(tape[index]!.bytes);
    const ways = this.random() < 0.15 ? 2 : 1;
    for (let way = 0; way < ways; way += 1) this.spoil(tape);
    return this.bytes.subarray(0, this.length);
  }

  private below(count: number): number {
    return Math.floor(this.random() * count);
  }

  private load(packet: Uint8Array): void {
    this.buffer.fill(this.below(256));
    this.bytes.set(packet);
    this.length = packet.length;
  }

  private readonly ways: ReadonlyArray<(tape: readonly TapePacket[]) => void> = [
    () => this.repeat(1 + this.below(4), () => this.flipBit()),
    () => this.repeat(1 + this.below(8), () => this.setByte(this.below(this.length))),
    () => this.cut(),
    () => this.extend(this.random() < 0.05 ? LONGEST_BYTES - this.length : 1 + this.below(16)),
    () => this.fillFrom(this.below(this.length), () => this.below(256)),
    () => this.fillFrom(this.below(this.length), () => (this.random() < 0.97 ? 255 : 0)),
    () => this.setByte(this.below(HEADER_BYTES)),
    (tape) => this.splice(this.below(this.length), this.pick(tape)),
    (tape) => this.load(this.pick(tape)),
    () => this.invent(),
  ];

  private spoil(tape: readonly TapePacket[]): void {
    this.ways[this.below(this.ways.length)]!(tape);
  }

  /** A packet from nearby: one from far ahead would make all that follow old. */
  private pick(tape: readonly TapePacket[]): Uint8Array {
    const index = this.index + this.below(2 * NEAR_PACKETS + 1) - NEAR_PACKETS;
    return tape[Math.max(0, Math.min(tape.length - 1, index))]!.bytes;
  }

  private flipBit(): void {
    this.bytes[this.below(this.length)]! ^= 1 << this.below(8);
  }

  private setByte(at: number): void {
    this.bytes[at] = this.below(256);
  }

  private cut(): void {
    this.length = this.below(this.length);
  }

  private repeat(count: number, change: () => void): void {
    if (this.length === 0) return;
    for (let k = 0; k < count; k += 1) change();
  }

  private extend(count: number): void {
    const from = this.length;
    this.length = Math.min(LONGEST_BYTES, from + count);
    this.fillFrom(from, () => this.below(256));
  }

  private fillFrom(from: number, byte: () => number): void {
    for (let k = from; k < this.length; k += 1) this.bytes[k] = byte();
  }

  private splice(at: number, other: Uint8Array): void {
    const rest = other.subarray(Math.min(other.length, this.below(other.length)));
    this.length = Math.min(LONGEST_BYTES, at + rest.length);
    this.bytes.set(rest.subarray(0, this.length - at), at);
  }

  private invent(): void {
    const [first, second] = this.bytes;
    this.length = this.below(this.random() < 0.9 ? 120 : LONGEST_BYTES);
    this.fillFrom(0, () => this.below(256));
    if (this.random() < 0.8) this.bytes.set([first!, second!]);
  }
}

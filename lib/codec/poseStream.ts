import { AbsoluteCoder } from './absoluteCoder';
import { CHANNEL_COUNT, UNIT_CHANNEL, UNIT_CHANNELS, UNIT_PART } from './channels';
import { FrameMemory, level } from './frameMemory';
import { FrameTimes } from './frameTimes';
import { Lattice } from './lattice';
import type { RangeCoder } from './rangeCoder';
import { FrameKind, ResidualCoder } from './residualCoder';

/** Multiplier of Fibonacci hashing: 2^32 over the golden ratio, odd. */
const MULTIPLIER = 0x9e3779b1;
const START = 0x5bd1e995;

/**
 * A running hash of everything decoded since the last keyframe: a few bits of it in each packet tell a receiver when
 * its state differs from the sender's, whatever the reason.
 */
class Checksum {
  private readonly state = new Int32Array(1);

  reset(): void {
    this.state[0] = START;
  }

  /** Mixes in a whole number. */
  mix(value: number): void {
    const mixed = Math.imul(this.state[0]! ^ value, MULTIPLIER);
    this.state[0] = mixed ^ (mixed >>> 15);
  }

  /** Its highest `count` bits. */
  bits(count: number): number {
    return this.state[0]! >>> (32 - count);
  }
}

/** Bits of the running hash in a keyframe and in any other packet. */
const KEYFRAME_CHECK_BITS = 8;
const CHECK_BITS = 4;

/** Shift of the expected motion before it is classed. */
const MOTION_SHIFT = 2;

/**
 * Everything that encoder and decoder share, in whole numbers: lattice, contexts and models. Calls follow the order of
 * the bits in a packet (SPEC.md, C-14); whether coding a unit writes or reads is up to the coder.
 */
export class PoseStream {
  readonly lattice = new Lattice();
  /** Places of the frames before the anchor, oldest first, 1/256 step. */
  readonly betweens = [new Int32Array(CHANNEL_COUNT), new Int32Array(CHANNEL_COUNT)] as const;
  readonly absolutes = new AbsoluteCoder();
  /** Residuals of the anchors, and of the frames between them, in whole steps. */
  readonly anchors = new FrameMemory();
  readonly others = new FrameMemory();
  /** How likely the prepared unit moves, 1/65536. */
  probability = 0;
  parts = 0;
  compression = 0;
  private readonly residualCoder = new ResidualCoder();
  private readonly times = new FrameTimes();
  private readonly checksum = new Checksum();
  private freshParts = 0;
  private isKeyframe = false;

  /** Starts an epoch, which depends on nothing before it. */
  startKeyframe(timeMs: number, parts: number, compression: number): void {
    this.lattice.reset(compression);
    this.residualCoder.reset();
    this.absolutes.reset();
    this.times.reset();
    this.checksum.reset();
    this.anchors.reset();
    this.others.reset();
    this.parts = parts;
    this.freshParts = parts;
    this.compression = compression;
    this.isKeyframe = true;
    this.checksum.mix(timeMs | 0);
    this.checksum.mix((parts << 8) | compression);
  }

  /** Starts a packet that builds on the last one: codes its parts. */
  startPacket(coder: RangeCoder, parts: number): void {
    const before = this.parts;
    this.isKeyframe = false;
    if (this.times.codePartsChange(coder, parts !== before)) this.parts = coder.codeRaw(parts, 7);
    this.freshParts = this.parts & ~before;
    this.checksum.mix(this.parts);
  }

  /** Codes the time from one frame to the next, ms; -1 where the bits read are no gap. */
  codeGap(coder: RangeCoder, gapMs: number): number {
    const coded = this.times.codeGap(coder, gapMs);
    this.checksum.mix(coded);
    return coded;
  }

  /** Starts the anchor, `spanMs` after the one before. */
  startAnchor(spanMs: number): void {
    this.lattice.startAnchor(spanMs);
    this.anchors.startFrame();
  }

  /** Starts a frame between the anchors. */
  startBetween(): void {
    this.others.startFrame();
  }

  has(unit: number): boolean {
    return (this.parts & UNIT_PART[unit]!) !== 0;
  }

  /** Whether the unit's part was absent before, so that it can't be predicted. */
  isFresh(unit: number): boolean {
    return (this.freshParts & UNIT_PART[unit]!) !== 0;
  }

  /** Codes a fresh unit of the anchor from or into `absolutes.steps`. */
  codeAbsolute(coder: RangeCoder, unit: number): void {
    this.absolutes.codeUnit(coder, unit);
    const first = UNIT_CHANNEL[unit]!;
    for (let channel = first; channel < first + UNIT_CHANNELS[unit]!; channel += 1) {
      const steps = this.absolutes.steps[channel]!;
      this.lattice.setAbsolute(channel, steps);
      if (steps !== 0) this.checksum.mix((channel << 20) ^ steps);
    }
  }

  /** Moves a unit of the present anchor to where it is expected, and sets `probability`. */
  prepareAnchor(unit: number): void {
    const furthest = this.lattice.predictAnchor(UNIT_CHANNEL[unit]!, UNIT_CHANNELS[unit]!);
    const motion = level(furthest >> MOTION_SHIFT);
    this.probability = this.residualCoder.prepare(this.anchors, FrameKind.anchor, unit, motion);
  }

  /** Moves a unit of `places` to where it is expected at `blend` / 256 between the anchors, and sets `probability`. */
  prepareBetween(unit: number, blend: number, places: Int32Array): void {
    const furthest = this.lattice.predictBetween(UNIT_CHANNEL[unit]!, UNIT_CHANNELS[unit]!, blend, places);
    const motion = level(furthest >> MOTION_SHIFT);
    this.probability = this.residualCoder.prepare(this.others, FrameKind.between, unit, motion);
  }

  /**
   * Codes the prepared unit of the anchor from or into its residuals, and moves it. False where the bits read are
   * invalid.
   */
  codeAnchor(coder: RangeCoder, unit: number): boolean {
    const { lattice, anchors } = this;
    if (!this.codeResiduals(coder, anchors, FrameKind.anchor, unit)) return false;
    if (anchors.sizes[unit] === 0) return true;
    const first = UNIT_CHANNEL[unit]!;
    const count = UNIT_CHANNELS[unit]!;
    lattice.correct(first, count, anchors.residuals, lattice.anchor);
    lattice.correctVelocity(first, count, anchors.residuals);
    return true;
  }

  /** Does the same for a unit between anchors, in `places`. */
  codeBetween(coder: RangeCoder, unit: number, places: Int32Array): boolean {
    const { others } = this;
    if (!this.codeResiduals(coder, others, FrameKind.between, unit)) return false;
    if (others.sizes[unit] === 0) return true;
    this.lattice.correct(UNIT_CHANNEL[unit]!, UNIT_CHANNELS[unit]!, others.residuals, places);
    return true;
  }

  private codeResiduals(coder: RangeCoder, memory: FrameMemory, kind: number, unit: number): boolean {
    if (!this.residualCoder.codeUnit(coder, this.probability, memory, kind, unit)) return false;
    memory.noteUnit(unit);
    if (memory.sizes[unit] !== 0) this.mixResiduals(UNIT_CHANNEL[unit]!, UNIT_CHANNELS[unit]!, memory.residuals);
    return true;
  }

  private mixResiduals(first: number, count: number, residuals: Int32Array): void {
    for (let channel = first; channel < first + count; channel += 1) {
      if (residuals[channel] !== 0) this.checksum.mix((channel << 20) ^ residuals[channel]!);
    }
  }

  /** Codes a few bits of the running hash; false where the bits read differ. */
  codeCheck(coder: RangeCoder): boolean {
    const count = this.isKeyframe ? KEYFRAME_CHECK_BITS : CHECK_BITS;
    const bits = this.checksum.bits(count);
    return coder.codeRaw(bits, count) === bits;
  }
}

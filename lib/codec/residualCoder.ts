import { BitModel } from './bitModel';
import {
  CHANNEL_COUNT,
  GROUP_COUNT,
  UNIT_CHANNEL,
  UNIT_CHANNELS,
  UNIT_COUNT,
  UNIT_GROUP,
  UNIT_PARENT,
  UNIT_TWIN,
} from './channels';
import { type FrameMemory, LEVELS, level, RECENT_MASK } from './frameMemory';
import { codeEscape, type RangeCoder } from './rangeCoder';

/**
 * Kinds of frames: the newest of a packet, predicted from the past, and those before it, predicted between two anchors.
 */
export const FrameKind = { anchor: 0, between: 1 } as const;
const KINDS = 2;
const KIND_GROUPS = KINDS * GROUP_COUNT;

/** Sizes from this one on are coded by an escape. */
const SIZE_ESCAPE = 15;
const SIZES = SIZE_ESCAPE + 1;
/** Classes of sizes in the contexts of single channels and in the weights: 1, 2, more. */
const FEW = 3;
/** Classes of the sizes of other residuals: 0, 1, 2 or more; the finer ones are 0, 1, 2, 3 or more. */
const COARSE = 3;
const FINE = 4;
const RECENTS = RECENT_MASK + 1;
/** Values of a unit's history that the contexts tell apart. */
const HISTORIES = 4;

// Whether a unit moves: contexts by unit, by the units around it, by its motion.
const FLAG_UNIT = 0;
const FLAG_AROUND = FLAG_UNIT + KINDS * UNIT_COUNT * HISTORIES;
const FLAG_MOTION = FLAG_AROUND + KIND_GROUPS * RECENTS * COARSE * COARSE;
const FLAG_CONTEXTS = FLAG_MOTION + KIND_GROUPS * LEVELS * LEVELS;
// Whether a channel of a moving unit moves: by channel, by the unit's earlier channels and the last frame, by other
// units.
const MOVE_CHANNEL = 0;
const MOVE_EARLIER = MOVE_CHANNEL + KINDS * CHANNEL_COUNT;
const MOVE_AROUND = MOVE_EARLIER + KIND_GROUPS * 3 * COARSE * COARSE;
const MOVE_CONTEXTS = MOVE_AROUND + KIND_GROUPS * COARSE * COARSE * LEVELS;
// Its sign: by channel, by the last two frames, by other units.
const SIGN_CHANNEL = 0;
const SIGN_LAST = SIGN_CHANNEL + KINDS * CHANNEL_COUNT;
const SIGN_AROUND = SIGN_LAST + KIND_GROUPS * 9;
const SIGN_CONTEXTS = SIGN_AROUND + KIND_GROUPS * 27;
// Its size: by channel, by the unit's earlier channels and the last frame, by how active it has been.
const SIZE_CHANNEL = 0;
const SIZE_EARLIER = SIZE_CHANNEL + KINDS * CHANNEL_COUNT * FEW;
const SIZE_ACTIVITY = SIZE_EARLIER + KIND_GROUPS * SIZES * FINE * FINE;
const SIZE_CONTEXTS = SIZE_ACTIVITY + KIND_GROUPS * SIZES * LEVELS;

function coarse(size: number): number {
  return size < COARSE ? size : COARSE - 1;
}

function fine(size: number): number {
  return size < FINE ? size : FINE - 1;
}

function signClass(value: number): number {
  return value > 0 ? 2 : value < 0 ? 0 : 1;
}

/**
 * Codes residuals, a unit at a time, with contexts that both sides know (SPEC.md, C-24). Written once for both
 * directions: the range coder writes or reads.
 */
export class ResidualCoder {
  private readonly flags = new BitModel(FLAG_CONTEXTS, KIND_GROUPS);
  private readonly moves = new BitModel(MOVE_CONTEXTS, KIND_GROUPS * 3);
  private readonly signs = new BitModel(SIGN_CONTEXTS, KIND_GROUPS);
  private readonly sizes = new BitModel(SIZE_CONTEXTS, KIND_GROUPS * FEW);
  // The moving unit: its kind of frame and group as one number, and the channels of the units it is compared with.
  private kindGroup = 0;
  private kindChannels = 0;
  private first = 0;
  private parentFirst = 0;
  private parentCount = 0;
  private twinFirst = 0;
  private twinCount = 0;

  /** Forgets everything it has learnt. */
  reset(): void {
    this.flags.reset();
    this.moves.reset();
    this.signs.reset();
    this.sizes.reset();
  }

  /** How likely `unit` moves, 1/65536. `motion` (a level) is how far prediction moves it. */
  prepare(memory: FrameMemory, kind: number, unit: number, motion: number): number {
    const parent = UNIT_PARENT[unit]!;
    const twin = UNIT_TWIN[unit]!;
    const kindGroup = kind * GROUP_COUNT + UNIT_GROUP[unit]!;
    const history = memory.history[unit]! & (HISTORIES - 1);
    const others = coarse(memory.sizes[parent]!) * COARSE + coarse(memory.sizes[twin]!);
    return this.flags.predict(
      FLAG_UNIT + (kind * UNIT_COUNT + unit) * HISTORIES + history,
      FLAG_AROUND + (kindGroup * RECENTS + memory.recent) * COARSE * COARSE + others,
      FLAG_MOTION + (kindGroup * LEVELS + motion) * LEVELS + level(memory.unitActivity[unit]!),
      kindGroup,
    );
  }

  /**
   * Codes the residuals of the prepared unit: from `memory` when writing, into `memory` when reading. `probability` is
   * what `prepare` returned. False where the bits read are invalid.
   */
  codeUnit(coder: RangeCoder, probability: number, memory: FrameMemory, kind: number, unit: number): boolean {
    const { residuals } = memory;
    const first = UNIT_CHANNEL[unit]!;
    const count = UNIT_CHANNELS[unit]!;
    let doesMove = 0;
    for (let axis = 0; axis < count; axis += 1) if (residuals[first + axis] !== 0) doesMove = 1;
    doesMove = coder.code(doesMove, probability);
    this.flags.update(doesMove);
    if (doesMove === 0) return true;
    this.select(kind, unit);
    let earlier = 0;
    for (let axis = 0; axis < count; axis += 1) {
      // In a moving unit whose other channels rest, the last one must move.
      const isSure = earlier === 0 && axis === count - 1;
      if (!isSure && this.codeMoves(coder, memory, axis, earlier) === 0) continue;
      const size = this.codeResidual(coder, memory, axis, earlier);
      if (size === 0) return false;
      earlier += size;
    }
    return true;
  }

  private select(kind: number, unit: number): void {
    const parent = UNIT_PARENT[unit]!;
    const twin = UNIT_TWIN[unit]!;
    this.kindGroup = kind * GROUP_COUNT + UNIT_GROUP[unit]!;
    this.kindChannels = kind * CHANNEL_COUNT;
    this.first = UNIT_CHANNEL[unit]!;
    this.parentFirst = UNIT_CHANNEL[parent]!;
    this.parentCount = parent === unit ? 0 : UNIT_CHANNELS[parent]!;
    this.twinFirst = UNIT_CHANNEL[twin]!;
    this.twinCount = twin === unit ? 0 : UNIT_CHANNELS[twin]!;
  }

  private parentResidual(residuals: Int32Array, axis: number): number {
    return axis < this.parentCount ? residuals[this.parentFirst + axis]! : 0;
  }

  private twinResidual(residuals: Int32Array, axis: number): number {
    return axis < this.twinCount ? residuals[this.twinFirst + axis]! : 0;
  }

  private codeMoves(coder: RangeCoder, memory: FrameMemory, axis: number, earlier: number): number {
    const { residuals } = memory;
    const channel = this.first + axis;
    const kindAxis = this.kindGroup * 3 + axis;
    const parent = coarse(Math.abs(this.parentResidual(residuals, axis)));
    const twin = coarse(Math.abs(this.twinResidual(residuals, axis)));
    const others = (this.kindGroup * COARSE + parent) * COARSE + twin;
    const last = coarse(Math.abs(memory.last[channel]!));
    return this.moves.code(
      coder,
      residuals[channel] !== 0 ? 1 : 0,
      MOVE_CHANNEL + this.kindChannels + channel,
      MOVE_EARLIER + (kindAxis * COARSE + coarse(earlier)) * COARSE + last,
      MOVE_AROUND + others * LEVELS + level(memory.channelActivity[channel]!),
      kindAxis,
    );
  }

  /** Codes a residual that is not zero; returns its size, 0 where the bits read are invalid. */
  private codeResidual(coder: RangeCoder, memory: FrameMemory, axis: number, earlier: number): number {
    const channel = this.first + axis;
    const wanted = memory.residuals[channel]!;
    const isNegative = this.codeSign(coder, memory, axis, wanted < 0 ? 1 : 0) === 1;
    const size = this.codeSize(coder, memory, channel, earlier, Math.abs(wanted));
    memory.residuals[channel] = isNegative ? -size : size;
    return size;
  }

  private codeSign(coder: RangeCoder, memory: FrameMemory, axis: number, isNegative: number): number {
    const { residuals } = memory;
    const channel = this.first + axis;
    const parent = signClass(this.parentResidual(residuals, axis));
    const twin = signClass(this.twinResidual(residuals, axis));
    const lastTwo = signClass(memory.last[channel]!) * 3 + signClass(memory.beforeLast[channel]!);
    return this.signs.code(
      coder,
      isNegative,
      SIGN_CHANNEL + this.kindChannels + channel,
      SIGN_LAST + this.kindGroup * 9 + lastTwo,
      SIGN_AROUND + ((this.kindGroup * 3 + parent) * 3 + twin) * 3 + axis,
      this.kindGroup,
    );
  }

  private codeSize(coder: RangeCoder, memory: FrameMemory, channel: number, earlier: number, size: number): number {
    const activity = level(memory.channelActivity[channel]!);
    const near = fine(earlier) * FINE + fine(Math.abs(memory.last[channel]!));
    for (let k = 1; k < SIZE_ESCAPE; k += 1) {
      const few = k < FEW ? k - 1 : FEW - 1;
      const kindSize = this.kindGroup * SIZES + k;
      const isMore = this.sizes.code(
        coder,
        size > k ? 1 : 0,
        SIZE_CHANNEL + (this.kindChannels + channel) * FEW + few,
        SIZE_EARLIER + kindSize * FINE * FINE + near,
        SIZE_ACTIVITY + kindSize * LEVELS + activity,
        this.kindGroup * FEW + few,
      );
      if (isMore === 0) return k;
    }
    const beyond = codeEscape(coder, size - SIZE_ESCAPE);
    return beyond < 0 ? 0 : SIZE_ESCAPE + beyond;
  }
}

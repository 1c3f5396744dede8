import { CHANNEL_COUNT, UNIT_CHANNEL, UNIT_CHANNELS, UNIT_COUNT } from './channels';

/** Activity is counted in this many parts of a step, and follows by a quarter of the difference in each frame. */
const ACTIVITY_UNIT = 64;
const ACTIVITY_SHIFT = 2;
/** Larger residuals count as this much activity. */
const ACTIVITY_RESIDUAL_MAX = 255;

/** The frames in a unit's history, a bit each. */
const HISTORY_MASK = 0x3;
/** The units in `recent`, a bit each. */
export const RECENT_MASK = 0xf;

/**
 * What the contexts know about the frames of one kind: the residuals of the present frame and the two before, how
 * active each channel and unit has been, and in which of the last two frames a unit moved.
 */
export class FrameMemory {
  /** Residuals of the present frame in whole steps: the numbers that are coded. */
  residuals = new Int32Array(CHANNEL_COUNT);
  /** Residuals of the last frame of this kind, and of the one before. */
  last = new Int32Array(CHANNEL_COUNT);
  beforeLast = new Int32Array(CHANNEL_COUNT);
  readonly channelActivity = new Int32Array(CHANNEL_COUNT);
  readonly unitActivity = new Int32Array(UNIT_COUNT);
  /** Bit 0: the unit moved in the last frame; bit 1: in the one before. */
  readonly history = new Uint8Array(UNIT_COUNT);
  /** Sum of the residuals' sizes of each unit in the present frame. */
  readonly sizes = new Int32Array(UNIT_COUNT);
  /** Which of the last four units of the present frame move; the last one is bit 0. */
  recent = 0;

  reset(): void {
    this.residuals.fill(0);
    this.last.fill(0);
    this.beforeLast.fill(0);
    this.channelActivity.fill(ACTIVITY_UNIT / 4);
    this.unitActivity.fill(ACTIVITY_UNIT / 2);
    this.history.fill(0);
    this.sizes.fill(0);
    this.recent = 0;
  }

  /** Starts a frame: the present one becomes the last. */
  startFrame(): void {
    const free = this.beforeLast;
    this.beforeLast = this.last;
    this.last = this.residuals;
    this.residuals = free.fill(0);
    this.sizes.fill(0);
    this.recent = 0;
  }

  /** Notes a unit whose residuals are known. */
  noteUnit(unit: number): void {
    const first = UNIT_CHANNEL[unit]!;
    const end = first + UNIT_CHANNELS[unit]!;
    const { residuals, channelActivity, unitActivity } = this;
    let size = 0;
    for (let channel = first; channel < end; channel += 1) {
      const residual = residuals[channel]!;
      const activity = channelActivity[channel]!;
      if (residual === 0) {
        channelActivity[channel] = activity + (-activity >> ACTIVITY_SHIFT);
        continue;
      }
      const amount = Math.min(ACTIVITY_RESIDUAL_MAX, residual < 0 ? -residual : residual);
      channelActivity[channel] = activity + ((amount * ACTIVITY_UNIT - activity) >> ACTIVITY_SHIFT);
      size += amount;
    }
    const activity = unitActivity[unit]!;
    unitActivity[unit] = activity + ((size * ACTIVITY_UNIT - activity) >> ACTIVITY_SHIFT);
    this.sizes[unit] = size;
    const hasMoved = size > 0 ? 1 : 0;
    this.history[unit] = ((this.history[unit]! << 1) | hasMoved) & HISTORY_MASK;
    this.recent = ((this.recent << 1) | hasMoved) & RECENT_MASK;
  }
}

/** Number of classes of {@link level}. */
export const LEVELS = 16;

const SIZE_MAX = 4096;
const FIRST = 3;

/** The class of a size of 0 or more, two classes for each doubling: 0 up to 2, 15 from about 256 on. */
export function level(size: number): number {
  const bounded = Math.min(size, SIZE_MAX);
  const doubled = 32 - Math.clz32(Math.imul(bounded, bounded)) - FIRST;
  if (doubled < 0) return 0;
  return doubled < LEVELS ? doubled : LEVELS - 1;
}

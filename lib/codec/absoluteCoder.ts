import { BitModel } from './bitModel';
import {
  CHANNEL_COUNT,
  GROUP_COUNT,
  UNIT_CHANNEL,
  UNIT_CHANNELS,
  UNIT_GROUP,
  UNIT_PARENT,
  UNIT_TWIN,
} from './channels';
import type { RangeCoder } from './rangeCoder';

/** Bits of the largest number: the hips 50 m away at the finest step. */
const LENGTH_MAX = 18;
const LENGTHS = LENGTH_MAX + 1;

const LENGTH_0 = 0;
const LENGTH_1 = LENGTH_0 + GROUP_COUNT * 3 * LENGTHS;
const LENGTH_2 = LENGTH_1 + GROUP_COUNT * LENGTHS * LENGTHS;
const SIGN_0 = LENGTH_2 + GROUP_COUNT * LENGTHS * LENGTHS;
const SIGN_1 = SIGN_0 + GROUP_COUNT * 3;
const SIGN_2 = SIGN_1 + GROUP_COUNT * 9;
const SLOTS = SIGN_2 + GROUP_COUNT * 9;

const MIX_LENGTH = 0;
const MIX_SIGN = MIX_LENGTH + GROUP_COUNT;
const MIXES = MIX_SIGN + GROUP_COUNT;

/** Codes numbers of steps without prediction: how many bits they have, the bits, the sign. */
export class AbsoluteCoder {
  /** Steps of every channel: the numbers that are coded. */
  readonly steps = new Int32Array(CHANNEL_COUNT);
  private readonly lengths = new Uint8Array(CHANNEL_COUNT);
  private readonly model = new BitModel(SLOTS, MIXES);

  /** Forgets everything it has learnt. */
  reset(): void {
    this.model.reset();
    this.steps.fill(0);
    this.lengths.fill(0);
  }

  /** Codes the channels of `unit`: from `steps` when writing, into `steps` when reading. */
  codeUnit(coder: RangeCoder, unit: number): void {
    for (let axis = 0; axis < UNIT_CHANNELS[unit]!; axis += 1) {
      const channel = UNIT_CHANNEL[unit]! + axis;
      const wanted = this.steps[channel]!;
      const size = Math.abs(wanted);
      const length = this.codeLength(coder, unit, axis, 32 - Math.clz32(size));
      this.lengths[channel] = length;
      this.steps[channel] = 0;
      if (length === 0) continue;
      const coded = (1 << (length - 1)) | coder.codeRaw(size, length - 1);
      this.steps[channel] = this.codeSign(coder, unit, axis, wanted < 0 ? 1 : 0) === 1 ? -coded : coded;
    }
  }

  private codeLength(coder: RangeCoder, unit: number, axis: number, length: number): number {
    const group = UNIT_GROUP[unit]!;
    const before = axis > 0 ? this.lengths[UNIT_CHANNEL[unit]! + axis - 1]! : 0;
    const twin = this.lengthOfOther(unit, UNIT_TWIN[unit]!, axis);
    for (let k = 0; k < LENGTH_MAX; k += 1) {
      const first = LENGTH_0 + (group * 3 + axis) * LENGTHS + k;
      const second = LENGTH_1 + (group * LENGTHS + before) * LENGTHS + k;
      const third = LENGTH_2 + (group * LENGTHS + twin) * LENGTHS + k;
      if (this.model.code(coder, length > k ? 1 : 0, first, second, third, MIX_LENGTH + group) === 0) return k;
    }
    return LENGTH_MAX;
  }

  private codeSign(coder: RangeCoder, unit: number, axis: number, sign: number): number {
    const group = UNIT_GROUP[unit]! * 3 + axis;
    const parent = this.signOfOther(unit, UNIT_PARENT[unit]!, axis);
    const twin = this.signOfOther(unit, UNIT_TWIN[unit]!, axis);
    const first = SIGN_0 + group;
    const second = SIGN_1 + group * 3 + parent;
    const third = SIGN_2 + group * 3 + twin;
    return this.model.code(coder, sign, first, second, third, MIX_SIGN + UNIT_GROUP[unit]!);
  }

  private lengthOfOther(unit: number, other: number, axis: number): number {
    return other === unit || axis >= UNIT_CHANNELS[other]! ? 0 : this.lengths[UNIT_CHANNEL[other]! + axis]!;
  }

  private signOfOther(unit: number, other: number, axis: number): number {
    if (other === unit || axis >= UNIT_CHANNELS[other]!) return 0;
    return 1 + Math.sign(this.steps[UNIT_CHANNEL[other]! + axis]!);
  }
}

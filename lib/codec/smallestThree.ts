import { type NumberArray, setNormalizedQuat } from '@/lib/pose/quat';
import type { BitReader, BitWriter } from './bits';

/** No component but the largest of a unit quaternion can be beyond this. */
const LIMIT = Math.SQRT1_2;

const INDEX_BITS = 2;

/** Bits of one rotation whose components have `bits` bits (rule C-7). */
export function rotationBits(bits: number): number {
  return INDEX_BITS + 3 * bits;
}

function quantise(value: number, bits: number): number {
  const top = (1 << bits) - 1;
  const step = Math.round(((value + LIMIT) / (2 * LIMIT)) * top);
  return Math.max(0, Math.min(top, step));
}

function restore(step: number, bits: number): number {
  return (step / ((1 << bits) - 1)) * (2 * LIMIT) - LIMIT;
}

function largestComponent(q: NumberArray): number {
  let largest = 3;
  for (let k = 0; k < 4; k += 1) if (Math.abs(q[k]!) > Math.abs(q[largest]!)) largest = k;
  return largest;
}

const unit = new Float64Array(4);

/** Writes the rotation at `q[at..at + 3]`; of zero length or not a number, the identity goes out (rules C-7, C-9). */
export function writeRotation(q: NumberArray, at: number, bits: number, writer: BitWriter): void {
  setNormalizedQuat(q[at]!, q[at + 1]!, q[at + 2]!, q[at + 3]!, unit, 0);
  const largest = largestComponent(unit);
  const sign = unit[largest]! < 0 ? -1 : 1;
  writer.write(largest, INDEX_BITS);
  for (let k = 0; k < 4; k += 1) if (k !== largest) writer.write(quantise(unit[k]! * sign, bits), bits);
}

/** Reads a rotation into `out[at..at + 3]`: a unit quaternion whatever the bits (rule C-3). */
export function readRotation(reader: BitReader, bits: number, out: NumberArray, at: number): void {
  const largest = reader.read(INDEX_BITS);
  let squared = 0;
  for (let k = 0; k < 4; k += 1) {
    if (k === largest) continue;
    unit[k] = restore(reader.read(bits), bits);
    squared += unit[k]! * unit[k]!;
  }
  unit[largest] = Math.sqrt(Math.max(0, 1 - squared));
  setNormalizedQuat(unit[0]!, unit[1]!, unit[2]!, unit[3]!, out, at);
}

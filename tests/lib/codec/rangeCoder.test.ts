import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RangeCoder } from '@/lib/codec/rangeCoder';

const decision = fc.record({ bit: fc.nat(1), probability: fc.integer({ min: 1, max: 65535 }) });
type Decision = { bit: number; probability: number };

function write(decisions: readonly Decision[], room = 2000): { bytes: Uint8Array; coder: RangeCoder } {
  const bytes = new Uint8Array(room);
  const coder = new RangeCoder();
  coder.startWriting(bytes, 0, room);
  for (const { bit, probability } of decisions) coder.code(bit, probability);
  return { bytes: bytes.subarray(0, coder.finishWriting()), coder };
}

describe('the range coder', () => {
  it('C-17: the range coder reads what it wrote, to the last byte', () => {
    fc.assert(
      fc.property(fc.array(decision, { maxLength: 400 }), (decisions) => {
        const { bytes } = write(decisions);
        const reader = new RangeCoder();
        reader.startReading(bytes, 0, bytes.length);
        for (const { bit, probability } of decisions) expect(reader.code(0, probability)).toBe(bit);
        expect(reader.isReadWhole).toBe(true);
      }),
    );
  });

  it('C-17: the range coder carries into bytes already written', () => {
    // Unlikely zeros raise the interval to the top of what the bytes before it leave.
    const decisions = Array.from({ length: 300 }, (_, k) => ({ bit: k % 97 === 96 ? 1 : 0, probability: 65535 - k }));
    const { bytes } = write(decisions);
    const reader = new RangeCoder();
    reader.startReading(bytes, 0, bytes.length);
    for (const { bit, probability } of decisions) expect(reader.code(0, probability)).toBe(bit);
  });

  it('C-17: the range coder takes no more than the information and four bytes', () => {
    fc.assert(
      fc.property(fc.array(decision, { maxLength: 400 }), (decisions) => {
        const bits = decisions.reduce(
          (sum, { bit, probability }) => sum - Math.log2((bit === 1 ? probability : 65536 - probability) / 65536),
          0,
        );
        // The product with the interval is truncated, which costs up to 1/256 of the smaller part's share.
        expect(write(decisions).bytes.length).toBeLessThanOrEqual((bits * 1.1) / 8 + 4 + decisions.length * 0.002);
      }),
    );
  });

  it('C-17: the range coder writes nothing after its end and reports that it is overfull', () => {
    const buffer = new Uint8Array(20).fill(7);
    const coder = new RangeCoder();
    coder.startWriting(buffer, 4, 10);
    for (let k = 0; k < 100; k += 1) coder.codeRaw(k, 8);
    coder.finishWriting();
    expect(coder.isOverfull).toBe(true);
    expect(Array.from(buffer.subarray(10))).toEqual(Array(10).fill(7));
    expect(Array.from(buffer.subarray(0, 4))).toEqual(Array(4).fill(7));
  });

  it('C-17: the range coder notices bytes left over and bytes missing', () => {
    const decisions = Array.from({ length: 80 }, (_, k) => ({ bit: (k >> 2) & 1, probability: 30_000 }));
    const { bytes } = write(decisions);
    const wholeAt = (size: number) => {
      const reader = new RangeCoder();
      const given = new Uint8Array(size);
      given.set(bytes.subarray(0, size));
      reader.startReading(given, 0, size);
      for (const { probability } of decisions) reader.code(0, probability);
      return reader.isReadWhole;
    };
    expect(wholeAt(bytes.length)).toBe(true);
    expect(wholeAt(bytes.length + 5)).toBe(false);
    expect(wholeAt(bytes.length - 5)).toBe(false);
  });

  it('C-17: raw bits are coded at even odds', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(0xffff), fc.integer({ min: 0, max: 16 })), { maxLength: 50 }), (fields) => {
        const bytes = new Uint8Array(200);
        const coder = new RangeCoder();
        coder.startWriting(bytes, 0, 200);
        for (const [value, count] of fields) coder.codeRaw(value, count);
        const size = coder.finishWriting();
        coder.startReading(bytes, 0, size);
        for (const [value, count] of fields) expect(coder.codeRaw(0, count)).toBe(value & (2 ** count - 1));
      }),
    );
  });
});

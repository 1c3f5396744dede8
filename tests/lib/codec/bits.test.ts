import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitReader, BitWriter } from '@/lib/codec/bits';

const field = fc
  .record({ count: fc.integer({ min: 1, max: 16 }), raw: fc.nat(0xffff) })
  .map(({ count, raw }) => ({ count, value: raw % 2 ** count }));

describe('bit fields', () => {
  it('fill bytes from the highest bit', () => {
    const bytes = new Uint8Array(3);
    const writer = new BitWriter(bytes);
    writer.start(0);
    writer.write(0b101, 3);
    writer.write(0b11111111111, 11);
    expect(writer.finish()).toBe(2);
    expect(Array.from(bytes)).toEqual([0b10111111, 0b11111100, 0]);
  });

  it('are read as they were written', () => {
    fc.assert(
      fc.property(fc.array(field, { maxLength: 60 }), fc.nat(5), (fields, offset) => {
        const bytes = new Uint8Array(140);
        const writer = new BitWriter(bytes);
        writer.start(offset);
        for (const { value, count } of fields) writer.write(value, count);
        const bits = fields.reduce((sum, { count }) => sum + count, 0);
        expect(writer.finish()).toBe(offset + Math.ceil(bits / 8));
        const reader = new BitReader();
        reader.start(bytes, offset);
        for (const { value, count } of fields) expect(reader.read(count)).toBe(value);
      }),
    );
  });

  it('are zero behind the end', () => {
    const reader = new BitReader();
    reader.start(Uint8Array.of(0xff), 0);
    expect(reader.read(12)).toBe(0xff0);
    expect(reader.read(16)).toBe(0);
  });
});

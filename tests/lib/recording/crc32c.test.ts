import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32c } from '@/lib/recording/crc32c';

/** Bit by bit, as RFC 3720 defines it. */
function slowCrc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
}

describe('CRC32C', () => {
  it.each([
    ['32 zeros', new Uint8Array(32), 0x8a9136aa],
    ['32 ones', new Uint8Array(32).fill(255), 0x62a8ab43],
    ['rising bytes', Uint8Array.from({ length: 32 }, (_, k) => k), 0x46dd794e],
    ['falling bytes', Uint8Array.from({ length: 32 }, (_, k) => 31 - k), 0x113fdb5c],
    ['nothing', new Uint8Array(0), 0],
  ])('R-12: CRC32C of %s is that of RFC 3720', (_, bytes, checksum) => {
    expect(crc32c(bytes)).toBe(checksum);
  });

  it('R-12: CRC32C of any part of any bytes is what the bits give', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.nat(40), fc.nat(40), (bytes, before, after) => {
        const from = Math.min(before, bytes.length);
        const to = Math.max(from, bytes.length - after);
        expect(crc32c(bytes, from, to)).toBe(slowCrc32c(bytes.subarray(from, to)));
      }),
    );
  });
});

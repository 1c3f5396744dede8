import { inflateSync, crc32 as referenceCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32 } from '@/lib/core/crc32';
import { encodePng } from '@/tools/avatars/glb/png';

/** Undoes filter 1 of eight-bit RGBA rows. */
function decode(png: Buffer): Buffer {
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const idat = png.indexOf('IDAT');
  const rows = inflateSync(png.subarray(idat + 4, idat + 4 + png.readUInt32BE(idat - 4)));
  const out = Buffer.alloc(width * height * 4);
  for (let y = 0; y < height; y++) {
    expect(rows[y * (width * 4 + 1)]).toBe(1);
    for (let i = 0; i < width * 4; i++) {
      const before = i < 4 ? 0 : out[y * width * 4 + i - 4]!;
      out[y * width * 4 + i] = rows[y * (width * 4 + 1) + 1 + i]! + before;
    }
  }
  return out;
}

describe('encodePng', () => {
  it('keeps every pixel', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 9 }),
        fc.infiniteStream(fc.nat(255)),
        (w, h, bytes) => {
          const rgba = Uint8Array.from({ length: w * h * 4 }, () => bytes.next().value as number);
          expect(decode(encodePng(w, h, rgba)).equals(Buffer.from(rgba))).toBe(true);
        },
      ),
    );
  });

  it.skipIf(referenceCrc32 === undefined)('has the CRC of zlib', () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => crc32(bytes) === referenceCrc32(Buffer.from(bytes))));
  });

  it('has the known CRC of an empty IEND chunk', () => {
    expect(crc32(Buffer.from('IEND'))).toBe(0xae426082);
  });
});

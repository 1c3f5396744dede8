import fc from 'fast-check';
import { decode } from 'fast-png';
import { expect, it } from 'vitest';
import { encodePng } from '@/tools/avatars/glb/png';

it('an independent decoder reads every pixel of an encoded PNG and accepts its checksums', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9 }),
      fc.integer({ min: 1, max: 9 }),
      fc.infiniteStream(fc.nat(255)),
      (width, height, bytes) => {
        const rgba = Uint8Array.from({ length: width * height * 4 }, () => bytes.next().value as number);
        const png = decode(encodePng(width, height, rgba), { checkCrc: true });
        expect(png).toMatchObject({ width, height, depth: 8, channels: 4 });
        expect(Buffer.from(png.data.buffer, png.data.byteOffset, png.data.byteLength).equals(rgba)).toBe(true);
      },
    ),
  );
});

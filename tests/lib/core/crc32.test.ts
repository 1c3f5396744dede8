import { crc32 as referenceCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { crc32 } from '@/lib/core/crc32';

it.skipIf(referenceCrc32 === undefined)('crc32 agrees with zlib', () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => crc32(bytes) === referenceCrc32(Buffer.from(bytes))));
});

it('crc32 of an empty IEND chunk is the known one', () => {
  expect(crc32(Buffer.from('IEND'))).toBe(0xae426082);
});

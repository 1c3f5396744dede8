import { crc32 as referenceCrc32 } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { crc32, fnv1a } from '@/lib/core/hash';

it.skipIf(referenceCrc32 === undefined)('crc32 agrees with zlib', () => {
  fc.assert(fc.property(fc.uint8Array(), (bytes) => crc32(bytes) === referenceCrc32(Buffer.from(bytes))));
});

it('crc32 of an empty IEND chunk is the known one', () => {
  expect(crc32(Buffer.from('IEND'))).toBe(0xae426082);
});

// The vectors of the FNV authors' own test suite (test_fnv.c). Receiver reports name endpoints by this hash.
it.each([
  ['', 0x811c9dc5],
  ['a', 0xe40c292c],
  ['foobar', 0xbf9cf968],
])('M-21 the hash of %j is that of FNV-1a', (text, hash) => {
  expect(fnv1a(text)).toBe(hash);
});

it('M-21 a hash is a whole number of 32 bits for any text', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      expect(fnv1a(text) >>> 0).toBe(fnv1a(text));
    }),
  );
});

it('a hash depends on the order of the letters', () => {
  expect(fnv1a('ann')).not.toBe(fnv1a('nan'));
});

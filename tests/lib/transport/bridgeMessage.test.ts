import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unwrapPacket, wrapPacket } from '@/lib/transport/bridgeMessage';
import { anyText } from '@/tests/support/anyText';

describe('packet envelope', () => {
  it('a packet is wrapped as standard base64 without padding', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const base64 = Buffer.from(bytes).toString('base64').replace(/=+$/, '');
        expect(wrapPacket(bytes, bytes.length)).toEqual({ parley: base64 });
      }),
    );
  });

  it('only the first sizeBytes are wrapped', () => {
    expect(wrapPacket(Uint8Array.of(1, 2, 3, 4, 5), 2)).toEqual({ parley: 'AQI' });
  });

  it('a wrapped packet survives JSON unchanged', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (bytes) => {
        const out = new Uint8Array(300);
        const size = unwrapPacket(JSON.parse(JSON.stringify(wrapPacket(bytes, bytes.length))), out);
        expect([...out.subarray(0, size)]).toEqual([...bytes]);
      }),
    );
  });

  it('padded base64 is unwrapped too', () => {
    const out = new Uint8Array(8);
    expect(unwrapPacket({ parley: 'AQI=' }, out)).toBe(2);
    expect([...out.subarray(0, 2)]).toEqual([1, 2]);
  });

  it.each([
    ['a character outside the alphabet', 'AQ!D'],
    ['a character outside ASCII', 'AQ\u00e9D'],
    ['an impossible length', 'AQIDA'],
    ['more than fits', 'AQIDBAUGBwgJCg'],
  ])('%s is refused', (_what, text) => {
    expect(unwrapPacket({ parley: text }, new Uint8Array(8))).toBe(-1);
  });

  it('any other payload is not a packet', () => {
    fc.assert(
      fc.property(fc.anything(), (payload) => {
        expect(unwrapPacket(payload, new Uint8Array(8))).toBe(-1);
      }),
    );
    for (const payload of [null, undefined, 5, 'AQID', {}, { parley: 5 }, { parley: null }, []]) {
      expect(unwrapPacket(payload, new Uint8Array(8))).toBe(-1);
    }
  });

  it('unwrapping never writes outside the given array', () => {
    fc.assert(
      fc.property(anyText({ maxLength: 64 }), (text) => {
        const guarded = new Uint8Array(32);
        const size = unwrapPacket({ parley: text }, guarded.subarray(0, 16));
        expect(size).toBeLessThanOrEqual(16);
        expect(guarded.subarray(16).every((byte) => byte === 0)).toBe(true);
      }),
    );
  });
});

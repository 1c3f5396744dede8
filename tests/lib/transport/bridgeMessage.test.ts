import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase64, toBase64, unwrapPacket, wrapPacket } from '@/lib/transport/bridgeMessage';

describe('packet envelope', () => {
  it('writes what every other base64 writes, without padding', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        expect(toBase64(bytes, bytes.length)).toBe(Buffer.from(bytes).toString('base64').replace(/=+$/, ''));
      }),
    );
  });

  it('writes only the bytes asked for', () => {
    expect(toBase64(Uint8Array.of(1, 2, 3, 4, 5), 2)).toBe('AQI');
  });

  it('reads back what it wrote, through JSON', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 300 }), (bytes) => {
        const out = new Uint8Array(300);
        const size = unwrapPacket(JSON.parse(JSON.stringify(wrapPacket(bytes, bytes.length))), out);
        expect([...out.subarray(0, size)]).toEqual([...bytes]);
      }),
    );
  });

  it('reads padded base64 too', () => {
    const out = new Uint8Array(8);
    expect(fromBase64('AQI=', out)).toBe(2);
    expect([...out.subarray(0, 2)]).toEqual([1, 2]);
  });

  it.each([
    ['a character outside the alphabet', 'AQ!D'],
    ['a character outside ASCII', 'AQ\u00e9D'],
    ['an impossible length', 'AQIDA'],
    ['more than fits', 'AQIDBAUGBwgJCg'],
  ])('refuses %s', (_what, text) => {
    expect(fromBase64(text, new Uint8Array(8))).toBe(-1);
  });

  it('takes no payload for a packet that is none, whatever it is', () => {
    fc.assert(
      fc.property(fc.anything(), (payload) => {
        expect(unwrapPacket(payload, new Uint8Array(8))).toBe(-1);
      }),
    );
    for (const payload of [null, undefined, 5, 'AQID', {}, { parley: 5 }, { parley: null }, []]) {
      expect(unwrapPacket(payload, new Uint8Array(8))).toBe(-1);
    }
  });

  it('never writes outside what it is given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 64 }), (text) => {
        const guarded = new Uint8Array(32);
        const size = fromBase64(text, guarded.subarray(0, 16));
        expect(size).toBeLessThanOrEqual(16);
        expect(guarded.subarray(16).every((byte) => byte === 0)).toBe(true);
      }),
    );
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readScreen, readVoice } from '@/server/recorder/rtpMedia';

const [SEQUENCE, TIMESTAMP] = [65_535, 4_000_000_000];

function headerOf(payloadType: number, { hasMarker = false, hasPadding = false } = {}): Buffer {
  const header = Buffer.alloc(12);
  header[0] = 0x80 | (hasPadding ? 0x20 : 0);
  header[1] = payloadType | (hasMarker ? 0x80 : 0);
  header.writeUInt16BE(SEQUENCE, 2);
  header.writeUInt32BE(TIMESTAMP, 4);
  return header;
}

describe('voice packets', () => {
  it('an Opus packet is read as it is, with its place', () => {
    expect(readVoice(headerOf(111, { hasMarker: true }), Buffer.from('opus'))).toEqual({
      sequence: SEQUENCE,
      timestamp: TIMESTAMP,
      hasMarker: true,
      opus: Buffer.from('opus'),
    });
  });

  it('padding is taken off, and a packet of padding alone is none', () => {
    const padded = Buffer.from([...Buffer.from('opus'), 0, 0, 3]);
    expect(readVoice(headerOf(111, { hasPadding: true }), padded)?.opus).toEqual(Buffer.from('opus'));
    expect(readVoice(headerOf(111, { hasPadding: true }), Buffer.from([0, 0, 3]))).toBeNull();
    expect(readVoice(headerOf(111, { hasPadding: true }), Buffer.from([1, 200]))).toBeNull();
    expect(readVoice(headerOf(111), Buffer.alloc(0))).toBeNull();
  });

  it('of redundant audio the newest block is read', () => {
    const older = Buffer.from('older');
    const head = Buffer.from([0x80 | 111, 0, (960 << 2) & 0xff, older.length]);
    head.writeUInt16BE(((960 & 0x3f) << 10) | older.length, 2);
    const redundant = Buffer.concat([head, Buffer.from([111]), older, Buffer.from('newest')]);
    expect(readVoice(headerOf(112), redundant)?.opus).toEqual(Buffer.from('newest'));
    expect(readVoice(headerOf(112), Buffer.concat([Buffer.from([111]), Buffer.from('alone')]))?.opus).toEqual(
      Buffer.from('alone'),
    );
    expect(readVoice(headerOf(112), redundant.subarray(0, 8))).toBeNull();
  });

  it('other payload types are no voice', () => {
    expect(readVoice(headerOf(126), Buffer.from('tone'))).toBeNull();
  });
});

describe('fragments of a shared screen', () => {
  const KEY = 0x10;
  const INTER = 0x11;

  it.each([
    ['without extension', [0x10]],
    ['with a short picture id', [0x90, 0x80, 0x7f]],
    ['with a long picture id', [0x90, 0x80, 0xff, 0xff]],
    ['with everything', [0x90, 0xf0, 0xff, 0xff, 1, 2]],
  ])('the descriptor %s is taken off', (_what, descriptor) => {
    const read = readScreen(headerOf(100), Buffer.from([...descriptor, KEY, 2, 3]));
    expect(read).toMatchObject({ sequence: SEQUENCE, timestamp: TIMESTAMP, isFirst: true, isLast: false });
    expect(read?.vp8).toEqual(Buffer.from([KEY, 2, 3]));
  });

  it('the first fragment tells whether its frame is a keyframe, the marker that it is the last', () => {
    expect(readScreen(headerOf(100), Buffer.from([0x10, KEY]))).toMatchObject({ isFirst: true, startsKeyframe: true });
    expect(readScreen(headerOf(100), Buffer.from([0x10, INTER]))).toMatchObject({ startsKeyframe: false });
    expect(readScreen(headerOf(100, { hasMarker: true }), Buffer.from([0x00, KEY]))).toMatchObject({
      isFirst: false,
      isLast: true,
      startsKeyframe: false,
    });
    expect(readScreen(headerOf(100), Buffer.from([0x11, KEY]))).toMatchObject({ isFirst: false });
  });

  it('a packet that was sent again has its first number', () => {
    const again = Buffer.from([0x12, 0x34, 0x10, KEY, 9]);
    expect(readScreen(headerOf(96), again)).toMatchObject({
      isAgain: true,
      sequence: 0x1234,
      isFirst: true,
      vp8: Buffer.from([KEY, 9]),
    });
    expect(readScreen(headerOf(96), Buffer.from([0x12, 0x34]))).toBeNull();
  });

  it('other payload types, and torn packets, are none', () => {
    for (const torn of [[], [0x90], [0x90, 0x80], [0x10], [0x90, 0x80, 0xff, 0xff]]) {
      expect(readScreen(headerOf(100), Buffer.from(torn))).toBeNull();
    }
    expect(readScreen(headerOf(101), Buffer.from([0x10, KEY]))).toBeNull();
  });
});

it('any bytes are a packet or none', () => {
  const bytes = (minLength: number) => fc.uint8Array({ minLength, maxLength: 40 }).map((all) => Buffer.from(all));
  fc.assert(
    fc.property(bytes(12), bytes(0), fc.constantFrom(96, 100, 111, 112), (header, payload, type) => {
      header[1] = (header[1]! & 0x80) | type;
      expect(readVoice(header, payload)?.opus.length).not.toBe(0);
      expect(readScreen(header, payload)?.vp8.length).not.toBe(0);
    }),
  );
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import { audioLevelDb, rtpHeaderBytes, rtpSsrc } from '@/server/hub/media/rtp/rtpHeader';
import { readScreen, readVoice } from '@/server/recorder/rtpMedia';
import { writeScreenHeader, writeVoiceHeader } from '@/server/recorder/spectators/hubHeader';

const packets = fc.record({
  ssrc: fc.nat(0xffff_ffff),
  sequence: fc.nat(0xffff),
  timestamp: fc.nat(0xffff_ffff),
  hasMarker: fc.boolean(),
  levelDbov: fc.integer({ min: -127, max: 0 }),
  opus: fc.uint8Array({ minLength: 1, maxLength: 400 }),
  arrivalMs: fc.constant(0),
});

it('the header of a screen that a spectator sees says what the bridge said, as on the hub', () => {
  const payload = Uint8Array.of(0x10, 0, 1, 2);
  const packet = { ssrc: 77, sequence: 65_535, timestamp: 4_000_000_000, hasMarker: true, payload };
  const header = Buffer.from(writeScreenHeader(packet));
  expect(readScreen(header, Buffer.from(payload))).toMatchObject({
    sequence: 65_535,
    timestamp: 4_000_000_000,
    isFirst: true,
    isLast: true,
    startsKeyframe: true,
    isAgain: false,
    vp8: Buffer.from([0, 1, 2]),
  });
  expect(rtpSsrc(header)).toBe(77);
});

it('the header of a voice that a spectator hears says what the bridge said, as on the hub', () => {
  fc.assert(
    fc.property(packets, (packet) => {
      const header = Buffer.from(writeVoiceHeader(packet));
      expect(rtpHeaderBytes(header)).toBe(header.length);
      expect([rtpSsrc(header), -audioLevelDb(header) + 0]).toEqual([packet.ssrc, packet.levelDbov + 0]);
      const { sequence, timestamp, hasMarker, opus } = packet;
      expect(readVoice(header, Buffer.from(opus))).toEqual({
        sequence,
        timestamp,
        hasMarker,
        opus: Buffer.from(opus),
      });
    }),
  );
});

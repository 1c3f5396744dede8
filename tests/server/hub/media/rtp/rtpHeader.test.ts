import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RtpHeader } from 'werift';
import { audioLevelDb, blankExtension, rtpHeaderBytes, rtpSequence, rtpSsrc } from '@/server/hub/media/rtp/rtpHeader';

/** Id of the audio level among the header extensions in the hub's offers. */
const LEVEL_ID = 1;

const extension = fc.record({
  id: fc.oneof(fc.constant(LEVEL_ID), fc.integer({ min: 1, max: 14 })),
  payload: fc.uint8Array({ minLength: 1, maxLength: 16 }).map((bytes) => Buffer.from(bytes)),
});

describe('RTP header', () => {
  it('H-64 headers and extensions written by another implementation are read', () => {
    fc.assert(
      fc.property(
        fc.record({
          ssrc: fc.nat({ max: 0xffffffff }),
          sequenceNumber: fc.nat({ max: 0xffff }),
          csrc: fc.array(fc.nat({ max: 0xffffffff }), { maxLength: 15 }),
          extensions: fc.uniqueArray(extension, { maxLength: 5, selector: ({ id }) => id }),
        }),
        fc.uint8Array({ maxLength: 40 }),
        (fields, payload) => {
          const header = new RtpHeader({ ...fields, payloadType: 111 });
          const size = header.serializeSize;
          const packet = Buffer.concat([header.serialize(size), payload]);
          expect(rtpHeaderBytes(packet)).toBe(size);
          expect([rtpSsrc(packet), rtpSequence(packet)]).toEqual([fields.ssrc, fields.sequenceNumber]);
          const level = fields.extensions.find(({ id }) => id === LEVEL_ID)?.payload[0];
          expect(audioLevelDb(packet.subarray(0, size))).toBe(level === undefined ? -1 : level & 0x7f);
        },
      ),
    );
  });

  it('H-66 the audio level is found, or its absence', () => {
    const write = (id: number) => {
      const header = new RtpHeader({ extensions: [{ id, payload: Buffer.from([0x80 | 33]) }] });
      return header.serialize(header.serializeSize);
    };
    expect(audioLevelDb(write(1))).toBe(33);
    expect(audioLevelDb(write(2))).toBe(-1);
    expect(audioLevelDb(Buffer.alloc(12, 0x80))).toBe(-1);
  });

  it('H-118 a blanked extension is gone, and all others stay', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(extension, { maxLength: 5, selector: ({ id }) => id }),
        fc.integer({ min: 1, max: 14 }),
        (extensions, id) => {
          const header = new RtpHeader({ extensions });
          const bytes = header.serialize(header.serializeSize);
          blankExtension(bytes, id);
          expect(RtpHeader.deSerialize(bytes).extensions).toEqual(extensions.filter((one) => one.id !== id));
        },
      ),
    );
  });

  it('H-75 any bytes are a header within the packet, or none', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), fc.boolean(), (bytes, looksRight) => {
        const data = Buffer.from(bytes);
        if (looksRight && data.length > 0) data[0] = 0x90 | (data[0]! & 0x0f);
        const size = rtpHeaderBytes(data);
        expect(size).toBeLessThanOrEqual(data.length);
        if (size < 0) return;
        expect(size).toBeGreaterThanOrEqual(12);
        const level = audioLevelDb(data.subarray(0, size));
        expect(level).toBeGreaterThanOrEqual(-1);
        expect(level).toBeLessThanOrEqual(127);
      }),
      { numRuns: 2_000 },
    );
  });
});

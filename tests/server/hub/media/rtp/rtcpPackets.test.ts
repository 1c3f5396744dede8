import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  GenericNack,
  PictureLossIndication,
  ReceiverEstimatedMaxBitrate,
  RtcpPacketConverter,
  RtcpPayloadSpecificFeedback,
  RtcpRrPacket,
  RtcpTransportLayerFeedback,
} from 'werift';
import {
  readRtcp,
  writeBitrateLimit,
  writeNack,
  writePictureLoss,
  writeReceiverReport,
} from '@/server/hub/media/rtp/rtcpPackets';

function read(data: Buffer) {
  const seen: unknown[] = [];
  const isWhole = readRtcp(data, {
    onSenderReport: (ssrc, report) => seen.push(['report', ssrc, report.length]),
    onKeyFrameRequest: (ssrc) => seen.push(['key', ssrc]),
    onLost: (ssrc, sequence) => seen.push(['lost', ssrc, sequence]),
  });
  return { isWhole, seen };
}

describe('RTCP', () => {
  it('H-68 key frame requests are read from PLI and FIR', () => {
    expect(read(writePictureLoss(77))).toEqual({ isWhole: true, seen: [['key', 77]] });
    const fir = Buffer.from('84ce0004' + '00000005' + '00000000' + '0000004d' + '01000000', 'hex');
    expect(read(fir)).toEqual({ isWhole: true, seen: [['key', 77]] });
  });

  it('H-69 NACKs written by another implementation are read, across the wrap', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: 0xffff }),
        fc.uniqueArray(fc.nat({ max: 200 }), { minLength: 1, maxLength: 30 }),
        (first, offsets) => {
          const lost = offsets.map((offset) => (first + offset) & 0xffff).sort((a, b) => a - b);
          const feedback = new GenericNack({ senderSsrc: 1, mediaSourceSsrc: 9, lost: [...lost] });
          const { seen } = read(new RtcpTransportLayerFeedback({ feedback }).serialize());
          expect(seen.map((entry) => (entry as number[])[2]).sort((a, b) => a! - b!)).toEqual(lost);
        },
      ),
    );
  });

  it('H-69 report blocks are stripped from sender reports', () => {
    const report = Buffer.alloc(52);
    report.set([0x81, 200, 0, 12]);
    report.writeUInt32BE(42, 4);
    expect(read(report)).toEqual({ isWhole: true, seen: [['report', 42, 28]] });
  });

  it('H-69 another implementation reads the RTCP that is written', () => {
    const packets = [
      ...RtcpPacketConverter.deSerialize(
        writeReceiverReport([
          {
            ssrc: 0xfffffff0,
            fractionLost: 200,
            packetsLost: 5,
            highestSequence: 70_000,
            jitter: 3.7,
            lastSenderReport: 9,
            delaySinceReport: 8,
          },
        ]),
      ),
      ...RtcpPacketConverter.deSerialize(writePictureLoss(7)),
      ...RtcpPacketConverter.deSerialize(writeNack(8, [1, 65_535])),
      ...RtcpPacketConverter.deSerialize(writeBitrateLimit(2_500_000, [7])),
    ];
    const reports = packets.filter((packet) => packet instanceof RtcpRrPacket);
    expect(reports[0]!.reports[0]).toMatchObject({
      ssrc: 0xfffffff0,
      fractionLost: 200,
      packetsLost: 5,
      highestSequence: 70_000,
      jitter: 3,
    });
    const feedback = packets.flatMap((packet) =>
      packet instanceof RtcpPayloadSpecificFeedback || packet instanceof RtcpTransportLayerFeedback
        ? [packet.feedback]
        : [],
    );
    expect(feedback[0]).toBeInstanceOf(PictureLossIndication);
    expect(feedback[0]).toMatchObject({ mediaSsrc: 7 });
    expect(feedback[1]).toMatchObject({ mediaSourceSsrc: 8, lost: [1, 65_535] });
    expect(feedback[2]).toBeInstanceOf(ReceiverEstimatedMaxBitrate);
    const limit = Number((feedback[2] as ReceiverEstimatedMaxBitrate).bitrate);
    expect(Math.abs(limit - 2_500_000)).toBeLessThan(32);
  });

  it('H-75 any bytes can be read as RTCP without harm', () => {
    const chunk = fc.tuple(
      fc.constantFrom(200, 201, 202, 205, 206),
      fc.nat({ max: 31 }),
      fc.uint8Array({ maxLength: 60 }),
    );
    const shaped = fc
      .array(chunk, { maxLength: 4 })
      .map((chunks) =>
        Buffer.concat(
          chunks.map(([type, format, body]) =>
            Buffer.concat([Buffer.from([0x80 | format, type, 0, body.length >> 2]), body]),
          ),
        ),
      );
    const anything = fc.oneof(
      shaped,
      fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
    );
    fc.assert(
      fc.property(anything, (data) => {
        expect(typeof read(data).isWhole).toBe('boolean');
      }),
      { numRuns: 2_000 },
    );
  });
});

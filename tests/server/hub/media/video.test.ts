import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  GenericNack,
  PictureLossIndication,
  ReceiverEstimatedMaxBitrate,
  RtcpPayloadSpecificFeedback,
  RtcpRrPacket,
  RtcpSenderInfo,
  RtcpSrPacket,
  RtcpTransportLayerFeedback,
} from 'werift';
import type { MediaSource } from '@/server/hub/media/mediaContract';
import type { MediaClient } from './mediaClient';
import { allConnected, connect, createRouter, endAll, pause } from './mediaScene';

const SCREEN = 700;
const RTX = 701;
const screen: MediaSource[] = [SCREEN, RTX].map((ssrc) => ({ ssrc, kind: 'video' }));

afterEach(endAll);

function pictureLoss(mediaSsrc: number): RtcpPayloadSpecificFeedback {
  return new RtcpPayloadSpecificFeedback({ feedback: new PictureLossIndication({ senderSsrc: 5, mediaSsrc }) });
}

function nack(mediaSourceSsrc: number, lost: number[]): RtcpTransportLayerFeedback {
  return new RtcpTransportLayerFeedback({ feedback: new GenericNack({ senderSsrc: 5, mediaSourceSsrc, lost }) });
}

function keyFrameRequestsOf(client: MediaClient, mediaSsrc: number): number {
  return client.rtcp.filter(
    (packet) =>
      packet instanceof RtcpPayloadSpecificFeedback &&
      packet.feedback instanceof PictureLossIndication &&
      packet.feedback.mediaSsrc === mediaSsrc,
  ).length;
}

describe('shared screen', () => {
  it('H-68 video and its retransmissions are forwarded to every receiver', async () => {
    const router = createRouter();
    const sender = await connect(router, { endpointId: 'a', sources: screen });
    const receivers = [
      await connect(router, { endpointId: 'b' }),
      await connect(router, { endpointId: 'c', maySend: false }),
    ];
    await allConnected(router, 3);
    await sender.sendRtp(SCREEN, 1, Buffer.alloc(1_100, 1));
    await sender.sendRtp(RTX, 1, Buffer.alloc(1_100, 2));
    for (const receiver of receivers) {
      await vi.waitFor(() => expect(receiver.rtp.map(({ header }) => header.ssrc)).toEqual([SCREEN, RTX]), 5_000);
    }
  });

  it('H-68 key frame requests of receivers reach the sender merged', async () => {
    const router = createRouter();
    const sender = await connect(router, { endpointId: 'a', sources: screen });
    const receiver = await connect(router, { endpointId: 'b' });
    await allConnected(router, 2);
    await vi.waitFor(() => expect(keyFrameRequestsOf(sender, SCREEN)).toBe(1), 5_000);
    await pause(600);
    for (let n = 0; n < 20; n += 1) await receiver.dtls.sendRtcp([pictureLoss(SCREEN)]);
    await vi.waitFor(() => expect(keyFrameRequestsOf(sender, SCREEN)).toBeGreaterThanOrEqual(2), 5_000);
    await pause(1_500);
    expect(keyFrameRequestsOf(sender, SCREEN)).toBeLessThanOrEqual(3);
    expect(keyFrameRequestsOf(receiver, SCREEN)).toBe(0);
  });

  it('H-69 the hub replaces lost packets from its cache, and asks the sender for those it lacks', async () => {
    const router = createRouter();
    const sender = await connect(router, { endpointId: 'a', sources: screen });
    const [receiver, other] = [await connect(router, { endpointId: 'b' }), await connect(router, { endpointId: 'c' })];
    await allConnected(router, 3);
    for (let n = 0; n < 10; n += 1) await sender.sendRtp(SCREEN, 10 + n, Buffer.alloc(50, n));
    await vi.waitFor(() => expect(other.rtp.length).toBe(10), 5_000);
    await receiver.dtls.sendRtcp([nack(SCREEN, [12, 15, 300])]);
    await vi.waitFor(() => expect(receiver.rtp.length).toBe(12), 5_000);
    expect(receiver.rtp.slice(10).map(({ header }) => header.sequenceNumber)).toEqual([12, 15]);
    expect(receiver.rtp[10]!.payload).toEqual(Buffer.alloc(50, 2));
    const asked = () =>
      sender.rtcp.flatMap((packet) =>
        'feedback' in packet && packet.feedback instanceof GenericNack ? packet.feedback.lost : [],
      );
    await vi.waitFor(() => expect(asked()).toEqual([300]), 5_000);
    expect(other.rtp.length).toBe(10);
  });

  it('H-69 a sender is told how well it is received and how much it may send', async () => {
    const router = createRouter();
    const sender = await connect(router, { endpointId: 'a', sources: screen });
    await connect(router, { endpointId: 'b' });
    await allConnected(router, 2);
    for (let n = 0; n < 40; n += 1) {
      // Every fourth packet is lost.
      if (n % 4 !== 1) await sender.sendRtp(SCREEN, n, Buffer.alloc(50));
    }
    const reports = () =>
      sender.rtcp.filter((packet) => packet instanceof RtcpRrPacket).flatMap((packet) => packet.reports);
    await vi.waitFor(
      () => expect(reports()).toMatchObject([{ ssrc: SCREEN, packetsLost: 10, highestSequence: 39 }]),
      5_000,
    );
    expect(reports()[0]!.fractionLost).toBe(Math.floor((10 * 256) / 40));
    const limits = sender.rtcp.flatMap((packet) =>
      packet instanceof RtcpPayloadSpecificFeedback && packet.feedback instanceof ReceiverEstimatedMaxBitrate
        ? [Number(packet.feedback.bitrate)]
        : [],
    );
    expect(limits.length).toBeGreaterThanOrEqual(1);
    expect(limits[0]).toBeGreaterThan(2_400_000);
  });

  it('H-69 sender reports are passed on without report blocks', async () => {
    const router = createRouter();
    const sender = await connect(router, { endpointId: 'a', sources: screen });
    const receiver = await connect(router, { endpointId: 'b' });
    await allConnected(router, 2);
    const senderInfo = new RtcpSenderInfo({
      ntpTimestamp: 123n << 32n,
      rtpTimestamp: 77,
      packetCount: 3,
      octetCount: 9,
    });
    await sender.dtls.sendRtcp([new RtcpSrPacket({ ssrc: SCREEN, senderInfo })]);
    await sender.dtls.sendRtcp([new RtcpSrPacket({ ssrc: 4_242, senderInfo })]);
    const reports = () => receiver.rtcp.filter((packet) => packet instanceof RtcpSrPacket);
    await vi.waitFor(() => expect(reports().length).toBe(1), 5_000);
    expect(reports()[0]).toMatchObject({ ssrc: SCREEN, reports: [], senderInfo: { rtpTimestamp: 77 } });
  });
});

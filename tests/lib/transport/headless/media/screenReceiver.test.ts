import { afterEach, expect, it, vi } from 'vitest';
import { PictureLossIndication, type RTCDtlsTransport, RtcpPayloadSpecificFeedback, type RtpPacket } from 'werift';
import { silentLog } from '@/lib/core/log';
import { MediaSession } from '@/lib/transport/headless/media/mediaSession';
import { ScreenReceiver } from '@/lib/transport/headless/media/screenReceiver';
import { VoiceBook } from '@/lib/transport/headless/voice/voiceBook';
import { connect, createRouter, endAll } from '@/tests/server/hub/media/mediaScene';

const SCREEN = 700;
const NOT_ANNOUNCED = 702;
/** What the made client sends everything as. */
const SENT_TYPE = 111;
const WAIT = { timeout: 5_000, interval: 20 };

afterEach(endAll);

it('a screen comes packet by packet in the name of its owner, and keyframes are asked for', async () => {
  const router = createRouter();
  const sender = await connect(router, {
    endpointId: 'a',
    sources: [SCREEN, NOT_ANNOUNCED].map((ssrc) => ({ ssrc, kind: 'video' })),
  });
  const onChannel = () => ({ onFrame: () => {}, onClose: () => {} });
  const link = await router.open({
    conferenceId: 'meeting',
    personId: 'eve',
    endpointId: 'e',
    maySend: false,
    onChannel,
  });
  const voices = new VoiceBook();
  const heard: string[] = [];
  const session = await MediaSession.open({
    transport: link.local,
    sctpPort: 5000,
    audio: { opusPayloadType: 109, audioLevelExtensionId: 1 },
    video: { vp8PayloadType: SENT_TYPE },
    hasChannel: false,
    ssrc: 5,
    voices,
    hearScreen: (endpointId, { ssrc, sequence, payload }) =>
      heard.push(`${endpointId} ${ssrc} ${sequence} ${payload[0]}`),
    channelEvents: { onOpen: () => {}, onText: () => {} },
    log: silentLog,
    onFailed: () => {},
  });
  link.setRemote({ ...session.local, setup: 'active' });
  await vi.waitFor(() => expect(session.phase).toBe('connected'), WAIT);
  voices.announce([{ ssrc: SCREEN, owner: 'a' }]);
  await vi.waitFor(async () => {
    await sender.sendRtp(NOT_ANNOUNCED, 2, Buffer.alloc(40, 9));
    await sender.sendRtp(SCREEN, 2, Buffer.alloc(40, 7));
    expect(heard).toContain(`a ${SCREEN} 2 7`);
  }, WAIT);
  expect(new Set(heard).size).toBe(1);
  const asked = () =>
    sender.rtcp.filter(
      (packet) => packet instanceof RtcpPayloadSpecificFeedback && packet.feedback instanceof PictureLossIndication,
    ).length;
  const before = asked();
  await vi.waitFor(() => {
    session.askForKeyframes();
    expect(asked()).toBeGreaterThan(before);
  }, WAIT);
  session.close();
});

it('keyframes are asked of the screen that is shown, however many were shown before it', () => {
  let take: (packet: RtpPacket) => void = () => {};
  const asked: number[] = [];
  const dtls = {
    state: 'connected',
    onRtp: { subscribe: (listener: typeof take) => (take = listener) },
    sendRtcp: async ([{ feedback }]: [{ feedback: PictureLossIndication }]) => void asked.push(feedback.mediaSsrc),
  };
  const receiver = new ScreenReceiver({
    dtls: dtls as unknown as RTCDtlsTransport,
    video: { vp8PayloadType: 100 },
    ownSsrc: 5,
    ownerOf: () => 'a',
    hear: () => {},
  });
  for (let ssrc = 1; ssrc <= 40; ssrc += 1) {
    const header = { ssrc, payloadType: 100, sequenceNumber: 1, timestamp: 0, marker: true };
    take({ header, payload: Buffer.alloc(1) } as unknown as RtpPacket);
  }
  receiver.askForKeyframes();
  expect(asked).toContain(40);
  expect(asked.length).toBeLessThanOrEqual(16);
});

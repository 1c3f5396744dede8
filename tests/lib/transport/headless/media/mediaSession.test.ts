import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '@/lib/core/clock';
import { silentLog } from '@/lib/core/log';
import { inventTransport } from '@/lib/transport/headless/jingle/jingleAnswer';
import { MediaSession, type MediaSessionParts } from '@/lib/transport/headless/media/mediaSession';
import { VoiceBook } from '@/lib/transport/headless/voice/voiceBook';
import type { ChannelSocket } from '@/server/hub/bridge/channelSocket';
import type { MediaLink } from '@/server/hub/media/mediaContract';
import { MediaRouter } from '@/server/hub/media/mediaRouter';
import { LOOPBACK_MEDIA } from '@/tests/server/hub/testHub';
import { SlowPath } from '@/tests/support/slowPath';
import { encodeTone, readOpus, wrapOpus } from '../madeVoice';

const SOON = { timeout: 10_000, interval: 20 };
/** Twice this is more than the half second after which DTLS says hello again. */
const ONE_WAY_MS = 350;
const AUDIO = { opusPayloadType: 111, audioLevelExtensionId: 1 };

/** One participant's media connection to a real bridge. */
interface Party {
  readonly session: MediaSession;
  readonly link: MediaLink;
  readonly voices: VoiceBook;
  readonly heard: string[];
  readonly opened: boolean[];
  /** How often the connection reported that it failed. */
  failures: number;
  /** The bridge's end of the data channel. */
  channel: ChannelSocket | null;
}

const closing: Array<() => void> = [];
afterEach(() => {
  for (const close of closing.splice(0).reverse()) close();
});

function startRouter(): MediaRouter {
  const router = new MediaRouter({ settings: LOOPBACK_MEDIA, clock: systemClock, log: silentLog });
  const sweeping = setInterval(() => router.sweep(), 500);
  closing.push(() => {
    clearInterval(sweeping);
    void router.close();
  });
  return router;
}

async function join(
  router: MediaRouter,
  ssrc: number,
  changes: (link: MediaLink) => Partial<MediaSessionParts> | Promise<Partial<MediaSessionParts>> = () => ({}),
): Promise<Party> {
  const [heard, opened, voices]: [string[], boolean[], VoiceBook] = [[], [], new VoiceBook()];
  const party = { heard, opened, voices, channel: null, failures: 0 } as unknown as {
    -readonly [K in keyof Party]: Party[K];
  };
  party.link = await router.open({
    conferenceId: 'c',
    personId: 'ann',
    endpointId: `e${ssrc}`,
    maySend: true,
    onChannel: (channel) => {
      party.channel = channel;
      return { onFrame: (data) => channel.send(data), onClose: () => {} };
    },
  });
  const changed = await changes(party.link);
  party.session = await MediaSession.open({
    transport: party.link.local,
    sctpPort: 5000,
    audio: AUDIO,
    video: null,
    hearScreen: null,
    hasChannel: true,
    ssrc,
    voices,
    channelEvents: { onOpen: (isOpen) => opened.push(isOpen), onText: (text) => heard.push(text) },
    log: silentLog,
    onFailed: () => {
      party.failures += 1;
    },
    ...changed,
  });
  const { ufrag, password, fingerprint, candidates } = party.session.local;
  party.link.setSources([{ ssrc, kind: 'audio' }]);
  // A bridge that knew its addresses would go around a path that the test has laid.
  const told = changed.transport ? [] : candidates;
  party.link.setRemote({ ufrag, password, fingerprint, candidates: told, setup: 'active' });
  closing.push(() => party.session.close());
  return party;
}

describe('a headless media connection', () => {
  it('a media session opens the bridge channel over SCTP, which carries text both ways in order', async () => {
    const party = await join(startRouter(), 1);
    await expect.poll(() => party.session.channel?.isOpen, SOON).toBe(true);
    const texts = Array.from({ length: 200 }, (_, k) => `${k} ${'x'.repeat(k * 5)}`);
    for (const text of texts) expect(party.session.channel?.send(text)).toBe(true);
    await expect.poll(() => party.heard.length, SOON).toBe(texts.length);
    expect(party.heard).toEqual(texts);
    expect(party.opened).toEqual([true]);
    expect(party.failures).toBe(0);
  });

  it('a media session carries a voice to another without loss', async () => {
    const router = startRouter();
    const [ann, bob] = await Promise.all([join(router, 1), join(router, 2)]);
    bob.voices.announce([{ ssrc: 1, owner: 'ann' }]);
    await expect.poll(() => router.stats().connected, SOON).toBe(2);
    const voice = await readOpus(await wrapOpus(encodeTone(0.5), 'ogg'));
    const of = () => bob.voices.stats().get('ann');
    ann.session.speak(voice);
    await expect.poll(() => of()?.packets ?? 0, SOON).toBeGreaterThan(60);
    ann.session.speak(null);
    const sent = () => router.stats().rtpPacketsIn;
    await expect.poll(() => of()?.packets, SOON).toBe(sent());
    const { lost, levelDbov, bytes, packets } = of()!;
    expect({ lost, levelDbov }).toEqual({ lost: 0, levelDbov: -30 });
    // The first packets may have left before the receiver was connected, so whole rounds of the file are not certain.
    const sizes = voice.packets.map(({ data }) => data.length);
    expect(bytes).toBeGreaterThanOrEqual(packets * Math.min(...sizes));
    expect(bytes).toBeLessThanOrEqual(packets * Math.max(...sizes));
  });

  it('T-81 a media session without voices decrypts none, and its channel works', async () => {
    const router = startRouter();
    const [ann, bob, cy] = await Promise.all([
      join(router, 1),
      join(router, 2),
      join(router, 3, () => ({ audio: null })),
    ]);
    bob.voices.announce([{ ssrc: 1, owner: 'ann' }]);
    await expect.poll(() => router.stats().connected, SOON).toBe(3);
    await expect.poll(() => cy.session.channel?.isOpen, SOON).toBe(true);
    ann.session.speak(await readOpus(await wrapOpus(encodeTone(0.5), 'ogg')));
    await expect.poll(() => bob.voices.stats().get('ann')?.packets ?? 0, SOON).toBeGreaterThan(30);
    const decrypted = ({ session }: Party) =>
      (session as unknown as { dtls: { packetsReceived: number } }).dtls.packetsReceived;
    expect(decrypted(bob)).toBeGreaterThan(30);
    expect(decrypted(cy)).toBe(0);
  });

  it('a media session sends fifty packets per second of a voice, whatever timers do', async () => {
    const router = startRouter();
    const ann = await join(router, 1);
    await expect.poll(() => router.stats().connected, SOON).toBe(1);
    ann.session.speak(await readOpus(await wrapOpus(encodeTone(0.2), 'webm')));
    const [startedMs, before] = [performance.now(), router.stats().rtpPacketsIn];
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    // Polled, because the latest packets may still be in flight on a busy machine.
    const missing = () => Math.abs(router.stats().rtpPacketsIn - before - (performance.now() - startedMs) / 20);
    await expect.poll(missing, SOON).toBeLessThan(10);
  });

  it('T-82 a media session connects over a path that takes longer than half a second', async () => {
    const party = await join(startRouter(), 1, async ({ local }) => {
      const path = await SlowPath.open(local.candidates[0]!.port, ONE_WAY_MS);
      closing.push(() => path.close());
      return { transport: { ...local, candidates: local.candidates.map((one) => ({ ...one, port: path.port })) } };
    });
    await expect.poll(() => party.session.channel?.isOpen, { ...SOON, timeout: 15_000 }).toBe(true);
    expect(party.failures).toBe(0);
  });

  it('a media session refuses a bridge without the offered certificate, and reports it once', async () => {
    const { fingerprint } = inventTransport();
    const party = await join(startRouter(), 1, ({ local }) => ({ transport: { ...local, fingerprint } }));
    await expect.poll(() => party.failures, SOON).toBe(1);
    expect(party.session.channel?.send('secret')).toBe(false);
    expect(party.opened).toEqual([]);
    party.session.close();
    expect(party.failures).toBe(1);
  });

  it('a media session reports that it failed when the bridge goes away', async () => {
    const party = await join(startRouter(), 1);
    await expect.poll(() => party.opened, SOON).toEqual([true]);
    party.link.close();
    await expect.poll(() => party.opened, SOON).toEqual([true, false]);
  });

  it('a closed media session reports nothing', async () => {
    const party = await join(startRouter(), 1);
    await expect.poll(() => party.session.channel?.isOpen, SOON).toBe(true);
    party.session.close();
    party.session.close();
    expect(party.session.channel?.send('late')).toBe(false);
    party.channel?.send(Buffer.from('late'));
    party.link.close();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect({ heard: party.heard, opened: party.opened, failures: party.failures }).toEqual({
      heard: [],
      opened: [true],
      failures: 0,
    });
  });
});

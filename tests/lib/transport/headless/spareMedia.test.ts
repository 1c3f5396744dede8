import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '@/lib/core/clock';
import { silentLog } from '@/lib/core/log';
import { ConferenceSession } from '@/lib/transport/headless/conferenceSession';
import { attrOf, type Element, NS, xml } from '@/lib/transport/headless/element';
import { inventTransport } from '@/lib/transport/headless/jingle/jingleAnswer';
import { MediaSession, type MediaSessionParts } from '@/lib/transport/headless/media/mediaSession';
import { VoiceBook } from '@/lib/transport/headless/voice/voiceBook';
import { RawSocket } from '@/tests/server/hub/rawClient';
import { StockClient } from '@/tests/server/hub/stock/stockClient';
import { LOOPBACK_MEDIA } from '@/tests/server/hub/testHub';
import { HeadlessWorld } from './headlessWorld';

interface ScriptedMedia {
  readonly parts: MediaSessionParts;
  wasConnected: boolean;
}

/** Replaces media connections by ones that a test ends; real ones take minutes to fail. */
function scriptMedia(): ScriptedMedia[] {
  const opened: ScriptedMedia[] = [];
  vi.spyOn(MediaSession, 'open').mockImplementation(async (parts) => {
    const session: ScriptedMedia & Partial<MediaSession> = {
      parts,
      wasConnected: false,
      channel: null,
      local: inventTransport(),
      speak: () => {},
      close: () => {},
    };
    opened.push(session);
    return session as unknown as MediaSession;
  });
  return opened;
}

/** An offer with a WebSocket that leads nowhere and, if asked for, a candidate. */
function offer(hasCandidate: boolean): Element {
  const transport = xml(
    'transport',
    { xmlns: NS.iceUdp, ufrag: 'abcd', pwd: 'a password of some length' },
    xml('web-socket', { xmlns: NS.colibri, url: 'ws://127.0.0.1:1/colibri-ws/x' }),
    xml('fingerprint', { xmlns: NS.dtls, hash: 'sha-256' }, inventTransport().fingerprint.value),
  );
  if (hasCandidate) {
    transport.append(xml('candidate', { ip: '127.0.0.1', port: '9', protocol: 'udp', type: 'host', priority: '1' }));
  }
  const content = xml('content', { name: 'audio' }, xml('description', { xmlns: NS.rtp, media: 'audio' }), transport);
  return xml('jingle', { xmlns: NS.jingle, action: 'session-initiate', sid: 's1' }, content);
}

/** A session that has taken `taken`, and what it asked the focus. */
async function sessionWith(taken: Element, media: 'none' | 'voice' = 'none') {
  const asked: string[] = [];
  const session = new ConferenceSession({
    endpointId: 'e1',
    jid: 'e1@x/r',
    media,
    voices: new VoiceBook(),
    hearScreen: null,
    channelEvents: { onOpen: () => {}, onText: () => {} },
    log: silentLog,
    ask: async (_to, jingle) => void asked.push(attrOf(jingle, 'action')),
  });
  session.take(taken, 'focus');
  await vi.waitFor(() => expect(asked).toEqual(['session-accept']));
  return { session, asked };
}

describe('the media connection of a bot that neither speaks nor listens', () => {
  let opened: ScriptedMedia[];
  beforeEach(() => {
    opened = scriptMedia();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.restoreAllMocks();
  });

  it('T-81 it is opened wherever a candidate is offered, and decodes no voices', async () => {
    const { session } = await sessionWith(offer(true));
    expect(opened).toMatchObject([{ parts: { audio: null, hasChannel: false } }]);
    expect(session.mediaPhase).toBe('none');
    session.close();
    const without = await sessionWith(offer(false));
    expect(opened).toHaveLength(1);
    without.session.close();
  });

  it('T-81 one that never comes about costs no session, one that breaks asks for a fresh one', async () => {
    const { session, asked } = await sessionWith(offer(true));
    vi.useFakeTimers();
    opened[0]!.parts.onFailed();
    await vi.advanceTimersByTimeAsync(200_000);
    expect(asked).toEqual(['session-accept']);
    opened[0]!.wasConnected = true;
    opened[0]!.parts.onFailed();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(asked).toEqual(['session-accept', 'session-terminate']);
    session.close();
  });

  it('T-81 one that carries voices asks for a fresh session also if it never came about', async () => {
    const { session, asked } = await sessionWith(offer(true), 'voice');
    vi.useFakeTimers();
    opened[0]!.parts.onFailed();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(asked).toEqual(['session-accept', 'session-terminate']);
    session.close();
  });
});

it('T-81 bots without a voice have a media connection to the bridge, over which they hear nothing', {
  timeout: 30_000,
}, async () => {
  const world = await HeadlessWorld.start({ media: LOOPBACK_MEDIA });
  try {
    const [ann, bob] = await world.live(['ann', 'bob']);
    await expect.poll(() => world.hub.hub.stats().media?.connected, { timeout: 20_000 }).toBe(2);
    expect(ann!.channelKind).toBe('websocket');
    const [cy] = await world.live(['cy'], { media: 'voice' });
    cy!.speak({ packets: [{ data: new Uint8Array(40).fill(1), durationMs: 20, levelDbov: -20 }] });
    await expect.poll(() => world.hub.hub.stats().media?.connected, { timeout: 20_000 }).toBe(3);
    let heard = 0;
    bob!.events.on('packet', () => {
      heard += 1;
    });
    const speak = () => {
      ann!.broadcast(Uint8Array.of(1), 1);
      return heard;
    };
    await expect.poll(speak, { timeout: 10_000 }).toBeGreaterThan(3);
    expect(bob!.voiceStats().size).toBe(0);
    expect(bob!.mediaPath.state).toBe('connecting');
  } finally {
    await world.close();
  }
});

/** Longer than JVB keeps an endpoint without a media connection. */
const PATIENCE_MS = 150_000;

it('T-81 bots without a voice outlive the time after which a stock Jitsi gives up endpoints without media', {
  timeout: 30_000,
}, async () => {
  let aheadMs = 0;
  const clock = { nowMs: () => systemClock.nowMs() + aheadMs };
  const world = await HeadlessWorld.start({ jicofo: {}, media: LOOPBACK_MEDIA, bridgeChannel: 'websocket', clock });
  try {
    const bots = await world.live(['ann', 'bob']);
    const [ann, bob] = bots as [(typeof bots)[number], (typeof bots)[number]];
    const isConnected = () => world.hub.hub.stats().media?.connected === 2 && bots.every((bot) => bot.isChannelOpen);
    await expect.poll(isConnected, { timeout: 20_000 }).toBe(true);
    expect(bots.map(({ channelKind }) => channelKind)).toEqual(['websocket', 'websocket']);
    const ids = bots.map(({ endpointId }) => endpointId);
    const changes: unknown[] = [];
    for (const bot of bots) {
      bot.events.on('channel', (change) => changes.push(change));
      bot.events.on('state', (change) => changes.push(change));
    }

    // It answers the offer, opens its channel and makes no media connection.
    const without = await StockClient.join(world.hub, 'cy');
    const offer = await without.jingle('session-initiate');
    await without.accept(offer, 1111);
    const transport = offer.getChild('content')?.getChild('transport');
    const channel = await RawSocket.open(transport?.getChild('web-socket')?.attrs['url'] ?? '');

    aheadMs = PATIENCE_MS;
    expect(await channel.closed).toEqual({ code: 1001, reason: 'endpoint closed' });
    const heard = new Set<string>();
    ann.events.on('packet', () => heard.add('ann'));
    bob.events.on('packet', () => heard.add('bob'));
    const speak = () => {
      for (const bot of bots) bot.broadcast(Uint8Array.of(1), 1);
      return [...heard].sort();
    };
    await expect.poll(speak, { timeout: 10_000 }).toEqual(['ann', 'bob']);
    expect([bots.map(({ endpointId }) => endpointId), changes]).toEqual([ids, []]);
  } finally {
    await world.close();
  }
});

import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type ConferenceTap, ConferenceTaps } from '@/server/hub/conferenceTaps';
import { MediaError, type SpeakerChange } from '@/server/hub/media/mediaContract';
import type { MediaRouter } from '@/server/hub/media/mediaRouter';
import { SlowPath } from '@/tests/support/slowPath';
import { MediaClient } from './mediaClient';
import {
  allArrived,
  allConnected,
  connect,
  createRouter,
  endAll,
  HeldClock,
  microphone,
  pause,
  SWEEP_EVERY_MS,
} from './mediaScene';

const SPEECH_DB = 25;
/** A packet of Opus. */
const FRAME_MS = 20;
/** Content type of a DTLS record (RFC 6347, 4.1). */
const DTLS_HANDSHAKE = 22;
/** More than the half second after which the client says hello again. */
const HELLO_AGAIN_AFTER_MS = 700;
/** Twice this is more than half a second, too. */
const ONE_WAY_MS = 350;

afterEach(endAll);

describe('connection', () => {
  it('H-60 a client that tells no candidate gets connected', async () => {
    const router = createRouter();
    await connect(router, { endpointId: 'a' });
    await allConnected(router, 1);
  });

  it('H-60 a client that tells its candidates and wants to be the DTLS server gets connected', async () => {
    const router = createRouter();
    await connect(router, { endpointId: 'a', tellsCandidates: true, setup: 'passive' });
    await allConnected(router, 1);
  });

  it('H-60 a client that is answered late, and so says hello twice, gets connected', async () => {
    const router = createRouter();
    const client = new MediaClient(router, { endpointId: 'a' });
    await client.open();
    const { send } = client.ice.connection;
    let hellos = 0;
    client.ice.connection.send = async (data) => {
      await send(data);
      if (data[0] === DTLS_HANDSHAKE) hellos += 1;
      // Nothing is received meanwhile, as on a busy machine.
      if (hellos === 1) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, HELLO_AGAIN_AFTER_MS);
    };
    await client.answer();
    await allConnected(router, 1);
    await client.close();
  });

  it('H-60 active and passive clients get connected over paths that take longer than half a second', async () => {
    const connectSlowly = async (setup: 'active' | 'passive') => {
      const router = createRouter();
      const client = new MediaClient(router, { endpointId: 'a', setup });
      await client.open();
      const path = await SlowPath.open(client.link.local.candidates[0]!.port, ONE_WAY_MS);
      try {
        await client.answer(path.port);
        await allConnected(router, 1);
        expect(path.carried).toBeGreaterThan(0);
      } finally {
        await client.close();
        path.close();
      }
    };
    await Promise.all([connectSlowly('active'), connectSlowly('passive')]);
  });

  it('H-60 only the configured addresses, or the announced ones, are offered', async () => {
    const router = createRouter({ announcedAddresses: ['203.0.113.7'] });
    const plain = createRouter();
    const open = (from: MediaRouter) =>
      from.open({ conferenceId: 'c', endpointId: 'a', personId: 'ann', maySend: true, onChannel: () => never() });
    expect((await open(plain)).local.candidates.map(({ ip }) => ip)).toEqual(['127.0.0.1', '127.0.0.1']);
    expect((await open(router)).local.candidates.map(({ ip }) => ip)).toEqual(['203.0.113.7', '203.0.113.7']);
  });

  it('H-60 all connections have the same certificate', async () => {
    const router = createRouter();
    const [a, b] = [await connect(router, { endpointId: 'a' }), await connect(router, { endpointId: 'b' })];
    expect(a.link.local.fingerprint).toEqual(b.link.local.fingerprint);
    expect(a.link.local.password).not.toBe(b.link.local.password);
  });

  it('H-61 all connections share one port, UDP and TCP, which is freed when the hub closes', async () => {
    const first = await freePort();
    const router = createRouter({ port: first, mayFallBack: false });
    const open = () =>
      router.open({ conferenceId: 'c', endpointId: 'a', personId: 'ann', maySend: true, onChannel: () => never() });
    const links = await Promise.all([open(), open(), open()]);
    const told = links.flatMap(({ local }) => local.candidates.map(({ protocol, port }) => `${protocol} ${port}`));
    expect(told).toEqual(Array.from({ length: 3 }, () => [`udp ${first}`, `tcp ${first}`]).flat());
    expect(new Set(links.map(({ local }) => local.ufrag)).size).toBe(3);
    for (const link of links) link.close();
    expect(await isFree(first)).toBe(false);
    await router.close();
    expect(await isFree(first)).toBe(true);
  });

  it('H-61 a port that is taken is refused with a MediaError, or any free one is used if that is allowed', async () => {
    const taken = createSocket('udp4');
    await new Promise<void>((resolve) => taken.bind({ address: '127.0.0.1', port: 0, exclusive: true }, resolve));
    const { port } = taken.address();
    const openAt = (mayFallBack: boolean) =>
      createRouter({ port, mayFallBack }).open({
        conferenceId: 'c',
        personId: 'ann',
        endpointId: 'a',
        maySend: true,
        onChannel: () => never(),
      });
    await expect(openAt(false)).rejects.toSatisfy(
      (error) =>
        error instanceof MediaError && error.reason === 'noFreePort' && error.message.includes('HUB_MEDIA_PORT'),
    );
    expect((await openAt(true)).local.candidates[0]!.port).not.toBe(port);
    taken.close();
  });

  it('H-61 an address of another machine is refused with a MediaError', async () => {
    const router = createRouter({ addresses: ['127.0.0.1', '192.0.2.1'] });
    const opening = router.open({
      conferenceId: 'c',
      endpointId: 'a',
      personId: 'ann',
      maySend: true,
      onChannel: () => never(),
    });
    await expect(opening).rejects.toSatisfy((error) => error instanceof MediaError && error.reason === 'cannotBind');
  });

  it('H-61 a closed media router opens no connection', async () => {
    const router = createRouter();
    await router.close();
    const opening = router.open({
      conferenceId: 'c',
      endpointId: 'a',
      personId: 'ann',
      maySend: true,
      onChannel: () => never(),
    });
    await expect(opening).rejects.toSatisfy((error) => error instanceof MediaError && error.reason === 'closed');
  });

  it('H-62 a client whose certificate is not the announced one is refused', async () => {
    const router = createRouter();
    const client = new MediaClient(router, { endpointId: 'a' });
    await client.open();
    const setRemote = client.link.setRemote.bind(client.link);
    client.link.setRemote = (remote) => {
      setRemote({ ...remote, fingerprint: { hash: 'sha-256', value: Array(32).fill('AB').join(':') } });
    };
    client.answer().catch(() => {});
    await vi.waitFor(() => expect(router.stats().open).toBe(0), 15_000);
    expect(router.stats().connected).toBe(0);
  });

  it('H-62 a client that shows the announced certificate without holding its key is refused', async () => {
    const router = createRouter();
    const client = new MediaClient(router, { endpointId: 'a' });
    await client.open();
    const answering = client.answer().catch(() => {});
    await vi.waitFor(() => expect(client.dtls?.dtls?.cipher.localPrivateKey).toBeDefined(), 5_000);
    client.dtls.dtls!.cipher.signatureData = (data: Buffer) => sign('sha256', data, anotherKey());
    await vi.waitFor(() => expect(router.stats().open).toBe(0), 15_000);
    expect(router.stats().connected).toBe(0);
    await client.vanish();
    await Promise.race([answering, pause(100)]);
  });

  it('H-63 a client that is gone is noticed within 15 s, and its connection ends', async () => {
    const router = createRouter();
    const client = await connect(router, { endpointId: 'a' });
    await allConnected(router, 1);
    await client.vanish();
    // In the hub, this many come in that time.
    for (let sweeps = 0; sweeps < 15_000 / SWEEP_EVERY_MS; sweeps += 1) router.sweep();
    expect(router.stats()).toMatchObject({ connected: 0, open: 0 });
  });
});

describe('voices', () => {
  it.each([[[7, 1]], [[1]]] as (1 | 7)[][][])(
    'H-64 three endpoints hear each other unchanged, profiles %s',
    async (profiles) => {
      const clock = new HeldClock();
      const router = createRouter({}, { clock });
      const all = await Promise.all(
        ['a', 'b', 'c'].map((endpointId, index) =>
          connect(router, { endpointId, sources: [microphone(100 + index)], srtpProfiles: profiles }),
        ),
      );
      await allConnected(router, 3);
      const count = 200;
      clock.hold();
      for (let n = 0; n < count; n += 1) {
        // Across the wrap of the sequence numbers.
        const sends = all.map((client, index) => client.sendRtp(100 + index, 65_500 + n, payloadOf(index, n), 40));
        await Promise.all(sends);
        clock.advance(FRAME_MS);
        if (n % 10 === 9) await allArrived(router, 3 * (n + 1));
      }
      for (const [index, client] of all.entries()) {
        await vi.waitFor(() => expect(client.rtp.length).toBe(2 * count), 5_000);
        for (const other of [0, 1, 2].filter((n) => n !== index)) {
          const heard = client.rtp.filter(({ header }) => header.ssrc === 100 + other);
          expect(heard.map(({ header }) => header.sequenceNumber)).toEqual(
            Array.from({ length: count }, (_, n) => (65_500 + n) & 0xffff),
          );
          expect(heard.every(({ payload }, n) => payload.equals(payloadOf(other, n)))).toBe(true);
          expect(heard[0]!.header.extensions).toEqual([{ id: 1, payload: Buffer.from([0x80 | 40]) }]);
        }
      }
      expect(router.stats()).toMatchObject({ rtpPacketsIn: 3 * count, rtpPacketsOut: 6 * count });
    },
  );

  it('H-64 RTP stays within its conference', async () => {
    const router = createRouter();
    const a = await connect(router, { endpointId: 'a', sources: [microphone(1)] });
    const b = await connect(router, { endpointId: 'b', conferenceId: 'other' });
    const c = await connect(router, { endpointId: 'c' });
    await allConnected(router, 3);
    await a.sendRtp(1, 1, Buffer.from('hello'), 40);
    await vi.waitFor(() => expect(c.rtp.length).toBe(1), 5_000);
    expect(b.rtp.length).toBe(0);
  });

  it('H-65 spectators receive RTP, but theirs is not forwarded', async () => {
    const router = createRouter();
    const speaker = await connect(router, { endpointId: 'a', sources: [microphone(1)] });
    const spectator = await connect(router, { endpointId: 'b', sources: [microphone(2)], maySend: false });
    await allConnected(router, 2);
    await spectator.sendRtp(2, 1, Buffer.from('no'), 40);
    await speaker.sendRtp(1, 1, Buffer.from('yes'), 40);
    await vi.waitFor(() => expect(spectator.rtp.length).toBe(1), 5_000);
    await vi.waitFor(() => expect(router.stats().rtpDropped.spectator).toBe(1), 5_000);
    expect(speaker.rtp.length).toBe(0);
  });

  it('H-65 RTP of unannounced SSRCs, or of another endpoint’s, is dropped', async () => {
    const router = createRouter();
    const a = await connect(router, { endpointId: 'a', sources: [microphone(1)] });
    const b = await connect(router, { endpointId: 'b', sources: [microphone(1), microphone(2)] });
    await allConnected(router, 2);
    await b.sendRtp(1, 1, Buffer.from('stolen'), 40);
    await b.sendRtp(9, 1, Buffer.from('unknown'), 40);
    await b.sendRtp(2, 1, Buffer.from('own'), 40);
    await vi.waitFor(() => expect(a.rtp.map(({ payload }) => payload.toString())).toEqual(['own']), 5_000);
    expect(router.stats().rtpDropped.unannounced).toBe(2);
  });

  it('H-65 RTP over a sender’s rate is dropped', async () => {
    const clock = new HeldClock();
    const router = createRouter({}, { clock });
    const a = await connect(router, { endpointId: 'a', sources: [microphone(1)] });
    const b = await connect(router, { endpointId: 'b' });
    await allConnected(router, 2);
    clock.hold();
    for (let n = 0; n < 600; n += 1) {
      await a.sendRtp(1, n, Buffer.from('x'), 40);
      if (n % 20 === 19) await allArrived(router, n + 1);
    }
    // What two seconds let through, at once.
    expect(router.stats().rtpDropped.rateExceeded).toBe(400);
    await vi.waitFor(() => expect(b.rtp.length).toBe(200), 5_000);
  });

  it('H-66 the dominant speaker is reported', async () => {
    const clock = new HeldClock();
    const router = createRouter({}, { clock });
    const changes: SpeakerChange[] = [];
    router.events.on('speaker', (change) => changes.push(change));
    const a = await connect(router, { endpointId: 'a', sources: [microphone(1)] });
    const b = await connect(router, { endpointId: 'b', sources: [microphone(2)] });
    await allConnected(router, 2);
    clock.hold();
    let sent = 0;
    const talk = async (loud: MediaClient, ssrc: number, quiet: MediaClient, quietSsrc: number, from: number) => {
      for (let n = 0; n < 80; n += 1) {
        await loud.sendRtp(ssrc, from + n, Buffer.from('x'), SPEECH_DB);
        await quiet.sendRtp(quietSsrc, from + n, Buffer.from('x'), 110);
        sent += 2;
        await allArrived(router, sent);
        clock.advance(FRAME_MS);
      }
    };
    await talk(a, 1, b, 2, 0);
    await talk(b, 2, a, 1, 100);
    expect(changes).toEqual([
      { conferenceId: 'meeting', dominantEndpointId: 'a', previousEndpointIds: [] },
      { conferenceId: 'meeting', dominantEndpointId: 'b', previousEndpointIds: ['a'] },
    ]);
  });

  it.each([
    [[1], false],
    [[3, 5, 10], true],
  ])(
    'H-118 of the header extensions, %j are blanked, and an audio level is then received: %s',
    async (ids, isThere) => {
      const router = createRouter({}, { dialect: { startsSctp: true, privateExtensions: ids } });
      const a = await connect(router, { endpointId: 'a', sources: [microphone(1)] });
      const b = await connect(router, { endpointId: 'b' });
      await allConnected(router, 2);
      for (let n = 0; b.rtp.length === 0; n += 1) {
        await a.sendRtp(1, n, Buffer.from('x'), SPEECH_DB);
        await pause(20);
      }
      expect(b.rtp[0]!.header.extensions.some(({ id }) => id === 1)).toBe(isThere);
    },
  );

  it('H-67 H-95 of too many open microphones only the loudest are forwarded, and a tap hears all', async () => {
    const clock = new HeldClock();
    const taps = new ConferenceTaps();
    const tapped = new Map<string, number>();
    const tap: ConferenceTap = {
      message: never,
      rtp: (endpointId, personId, kind, header, payload) => {
        expect(personId).toBe(`person of ${endpointId}`);
        expect([kind, header.length >= 12, Buffer.from(payload).toString()]).toEqual(['audio', true, 'x']);
        tapped.set(personId, (tapped.get(personId) ?? 0) + 1);
      },
    };
    taps.set('the room', tap, 'meeting');
    const router = createRouter({}, { forwardedVoicesMax: 2, clock, taps });
    const listener = await connect(router, { endpointId: 'z', maySend: false });
    const talkers = await Promise.all(
      [1, 2, 3, 4].map((ssrc) => connect(router, { endpointId: `t${ssrc}`, sources: [microphone(ssrc)] })),
    );
    await allConnected(router, 5);
    clock.hold();
    for (let n = 0; n < 150; n += 1) {
      await Promise.all(talkers.map((talker, i) => talker.sendRtp(i + 1, n, Buffer.from('x'), i < 2 ? 90 : SPEECH_DB)));
      await allArrived(router, talkers.length * (n + 1));
      clock.advance(FRAME_MS);
    }
    await vi.waitFor(() => expect(heardLately(listener)).toEqual(new Set([3, 4])), 5_000);
    expect(router.stats().rtpDropped.quietSpeaker).toBeGreaterThan(100);
    const { rtpPacketsIn } = router.stats();
    expect([...tapped.keys()].sort()).toEqual(talkers.map((_, i) => `person of t${i + 1}`));
    expect([...tapped.values()].reduce((sum, count) => sum + count)).toBe(rtpPacketsIn);
    taps.set('the room', null, 'meeting');
    await talkers[0]!.sendRtp(1, 150, Buffer.from('x'), SPEECH_DB);
    await vi.waitFor(() => expect(router.stats().rtpPacketsIn).toBe(rtpPacketsIn + 1));
    expect([...tapped.values()].reduce((sum, count) => sum + count)).toBe(rtpPacketsIn);
  });
});

function heardLately(listener: MediaClient): Set<number> {
  return new Set(listener.rtp.slice(-60).map(({ header }) => header.ssrc));
}

function payloadOf(index: number, n: number): Buffer {
  return Buffer.alloc(60 + (n % 40), index * 40 + n);
}

function anotherKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}

function never(): never {
  throw new Error('no channel was expected');
}

function isFree(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  return new Promise((resolve) => {
    socket.once('error', () => socket.close(() => resolve(false)));
    socket.bind({ address: '127.0.0.1', port, exclusive: true }, () => socket.close(() => resolve(true)));
  });
}

/** A port that is free now. */
async function freePort(): Promise<number> {
  for (let port = 42_000 + (process.pid % 1_000) * 2; ; port += 1) if (await isFree(port)) return port;
}

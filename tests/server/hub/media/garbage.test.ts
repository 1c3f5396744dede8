import { createSocket } from 'node:dgram';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { CHANNEL_LABEL } from '@/lib/webrtc/jitsiMedia';
import { seededRandom } from '@/tools/seededRandom';
import { allConnected, connect, createRouter, endAll, HeldClock, microphone, pause } from './mediaScene';

afterEach(endAll);

/** Random datagrams, many of which start like STUN, DTLS, RTP or RTCP. */
function randomDatagram(random: () => number): Buffer {
  const data = Buffer.from(Array.from({ length: Math.floor(random() * 200) }, () => Math.floor(random() * 256)));
  const starts = [
    [0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42],
    [22, 254, 253],
    [23, 254, 253, 0, 1],
    [0x90, 111],
    [0x80, 200],
    [],
  ];
  const start = starts[Math.floor(random() * starts.length)]!;
  data.set(start.slice(0, data.length), 0);
  if (start.length === 8 && data.length >= 20) data.writeUInt16BE(data.length - 20, 2);
  return data;
}

describe('garbage', () => {
  it('H-75 random datagrams from elsewhere neither end the hub nor disturb a call', async () => {
    const router = createRouter();
    const a = await connect(router, { endpointId: 'a', sources: [microphone(1)] });
    const b = await connect(router, { endpointId: 'b' });
    await allConnected(router, 2);
    const random = seededRandom(7);
    const attacker = createSocket('udp4');
    for (let n = 0; n < 100; n += 1) {
      for (const { link } of [a, b]) {
        for (let k = 0; k < 10; k += 1)
          attacker.send(randomDatagram(random), link.local.candidates[0]!.port, '127.0.0.1');
      }
      await a.sendRtp(1, n, Buffer.from('x'), 40);
      await pause(5);
    }
    attacker.close();
    await vi.waitFor(() => expect(b.rtp.length).toBe(100), 5_000);
    expect(router.stats().connected).toBe(2);
    expect(router.stats().rtpDropped.malformed).toBeGreaterThan(100);
  });

  it('H-75 random datagrams from the client itself do not end the hub or its call', async () => {
    const router = createRouter();
    const a = await connect(router, { endpointId: 'a', sources: [microphone(1)] });
    const b = await connect(router, { endpointId: 'b' });
    await allConnected(router, 2);
    const random = seededRandom(8);
    for (let n = 0; n < 100; n += 1) {
      for (let k = 0; k < 5; k += 1) await a.ice.connection.send(randomDatagram(random));
      await a.sendRtp(1, n, Buffer.from('x'), 40);
      await pause(5);
    }
    await vi.waitFor(() => expect(b.rtp.length).toBe(100), 5_000);
    expect(router.stats().connected).toBe(2);
  });

  it('H-75 unprotected, repeated and altered packets are dropped', async () => {
    const router = createRouter();
    const a = await connect(router, { endpointId: 'a', sources: [microphone(1)] });
    const b = await connect(router, { endpointId: 'b' });
    await allConnected(router, 2);
    const sent: Buffer[] = [];
    const send = a.ice.connection.send;
    a.ice.connection.send = async (data) => {
      sent.push(data);
      await send(data);
    };
    await a.sendRtp(1, 1, Buffer.from('once'), 40);
    const [packet] = sent;
    const altered = Buffer.from(packet!);
    altered[altered.length - 20]! ^= 1;
    altered.writeUInt16BE(2, 2);
    await send(packet!);
    await send(altered);
    await vi.waitFor(() => expect(router.stats().rtpDropped.malformed).toBe(2), 5_000);
    expect(b.rtp.length).toBe(1);
  });

  it('H-75 a client that repeats its datagrams without end is dropped unread, and hinders no other', async () => {
    const clock = new HeldClock();
    const router = createRouter({}, { clock });
    const a = await connect(router, { endpointId: 'a', sources: [microphone(1)] });
    const b = await connect(router, { endpointId: 'b' });
    await allConnected(router, 2);
    const channel = await a.openChannel(CHANNEL_LABEL);
    // From here on no time passes that would let more through.
    clock.hold();
    const sent: Buffer[] = [];
    const send = a.ice.connection.send;
    a.ice.connection.send = async (data) => {
      sent.push(data);
      await send(data);
    };
    channel.send('once');
    await vi.waitFor(() => expect(a.channels[0]!.frames).toHaveLength(1), 5_000);
    a.ice.connection.send = send;
    const record = sent.find((data) => data[0] === 23)!;
    const dropped = () => router.stats().rtpDropped.rateExceeded;
    for (let n = 0; n < 4_000; n += 1) {
      await send(record);
      // A few at a time, so that no buffer on the way overflows.
      if (n % 50 === 49) await pause(1);
    }
    await vi.waitFor(() => expect(dropped()).toBeGreaterThan(0), 5_000);
    await a.sendRtp(1, 1, Buffer.from('x'), 40);
    await vi.waitFor(() => expect(b.rtp.length).toBe(1), 5_000);
    expect(router.stats().connected).toBe(2);
  });

  it('H-75 unreachable or invalid candidates do no harm', async () => {
    const router = createRouter();
    const a = await connect(router, { endpointId: 'a' });
    const strange = ['255.255.255.255', '0.0.0.0', '::1', 'x.local', '', '224.0.0.1', '240.0.0.1', '10.255.255.255'];
    for (const ip of strange) {
      for (const port of [0, 1, 9, 70_000, Number.NaN]) {
        a.link.addCandidate({ foundation: '1', component: 1, ip, port, priority: 1, type: 'host' });
      }
    }
    await pause(300);
    await allConnected(router, 1);
  });
});

import { afterEach, describe, expect, it, vi } from 'vitest';
import { CHANNEL_LABEL } from '@/lib/webrtc/jitsiMedia';
import { allConnected, connect, createRouter, endAll } from './mediaScene';

afterEach(endAll);

describe('SCTP data channel', () => {
  it.each([true, false])(
    'H-70 a data channel opens and carries text both ways (client starts: %s)',
    async (beginsSctp) => {
      const client = await connect(createRouter(), { endpointId: 'a', beginsSctp });
      const channel = await client.openChannel(CHANNEL_LABEL);
      expect(channel.readyState).toBe('open');
      const heard: string[] = [];
      channel.onMessage.subscribe((message) => heard.push(String(message)));
      channel.send('{"colibriClass":"ClientHello"}');
      await vi.waitFor(() => expect(client.channels[0]!.frames.length).toBe(1), 5_000);
      const [hub] = client.channels;
      expect(hub!.frames[0]).toEqual({ data: Buffer.from('{"colibriClass":"ClientHello"}'), isBinary: false });
      hub!.socket.send(Buffer.from('{"colibriClass":"ServerHello","name":"é"}'));
      await vi.waitFor(() => expect(heard).toEqual(['{"colibriClass":"ServerHello","name":"é"}']), 5_000);
      expect(hub!.socket.isOpen).toBe(true);
    },
  );

  it('H-116 a bridge that waits for the client starts no association itself', async () => {
    const router = createRouter({}, { dialect: { startsSctp: false, privateExtensions: [] } });
    const waiting = await connect(router, { endpointId: 'a' });
    const begun = await connect(router, { endpointId: 'b', beginsSctp: true });
    const channel = await begun.openChannel(CHANNEL_LABEL);
    expect([channel.readyState, waiting.sctp.sctp.state]).toEqual(['open', 'connecting']);
    expect(waiting.channels).toEqual([]);
  });

  it('H-70 a data channel carries messages in order, also ones longer than a packet', async () => {
    const client = await connect(createRouter(), { endpointId: 'a' });
    const channel = await client.openChannel(CHANNEL_LABEL);
    const heard: string[] = [];
    channel.onMessage.subscribe((message) => heard.push(String(message)));
    const messages = Array.from({ length: 300 }, (_, n) => `${n}:${'x'.repeat((n * 37) % 5_000)}`);
    const { socket, frames } = client.channels[0]!;
    // More at a time would not fit into a socket's buffer, and what is lost is sent again only after seconds.
    const BURST = 20;
    for (let sent = 0; sent < messages.length; sent += BURST) {
      for (const message of messages.slice(sent, sent + BURST)) {
        channel.send(message);
        socket.send(Buffer.from(message));
      }
      await vi.waitFor(() => expect([heard.length, frames.length]).toEqual([sent + BURST, sent + BURST]), 5_000);
    }
    expect(heard).toEqual(messages);
    expect(frames.map(({ data }) => data.toString())).toEqual(messages);
  });

  it('H-70 a data channel passes binary messages on as binary', async () => {
    const client = await connect(createRouter(), { endpointId: 'a' });
    const channel = await client.openChannel(CHANNEL_LABEL);
    channel.send(Buffer.from([1, 2, 3]));
    await vi.waitFor(() =>
      expect(client.channels[0]!.frames).toEqual([{ data: Buffer.from([1, 2, 3]), isBinary: true }]),
    );
  });

  it('H-71 one data channel with the right label is accepted, others are closed', async () => {
    const client = await connect(createRouter(), { endpointId: 'a' });
    const strange = await client.openChannel('something else');
    await vi.waitFor(() => expect(strange.readyState).toBe('closed'), 5_000);
    expect(client.channels.length).toBe(0);
    await client.streamsAreReset();
    const right = await client.openChannel(CHANNEL_LABEL);
    const second = await client.openChannel(CHANNEL_LABEL);
    await vi.waitFor(() => expect(second.readyState).toBe('closed'), 5_000);
    expect(right.readyState).toBe('open');
    expect(client.channels.length).toBe(1);
  });

  it('H-72 a client may close its data channel and open another', async () => {
    const client = await connect(createRouter(), { endpointId: 'a' });
    const channel = await client.openChannel(CHANNEL_LABEL);
    channel.close();
    await vi.waitFor(() => expect(client.channels[0]!.isClosed).toBe(true), 5_000);
    expect(client.channels[0]!.socket.isOpen).toBe(false);
    client.channels[0]!.socket.send(Buffer.from('nobody there'));
    await client.openChannel(CHANNEL_LABEL);
    expect(client.channels.length).toBe(2);
  });

  it('H-72 the hub may close a data channel', async () => {
    const client = await connect(createRouter(), { endpointId: 'a' });
    const channel = await client.openChannel(CHANNEL_LABEL);
    client.channels[0]!.socket.close(1008, 'too much');
    expect(client.channels[0]!.isClosed).toBe(true);
    await vi.waitFor(() => expect(channel.readyState).toBe('closed'), 5_000);
  });

  it('H-72 a data channel closes with its connection', async () => {
    const client = await connect(createRouter(), { endpointId: 'a' });
    await client.openChannel(CHANNEL_LABEL);
    client.link.close();
    expect(client.channels[0]!.isClosed).toBe(true);
    expect(client.channels[0]!.socket.bufferedBytes).toBe(0);
  });

  it('H-73 bufferedBytes counts what waits for a client that acknowledges nothing', async () => {
    const router = createRouter();
    const client = await connect(router, { endpointId: 'a' });
    await client.openChannel(CHANNEL_LABEL);
    await allConnected(router, 1);
    const { socket } = client.channels[0]!;
    await vi.waitFor(() => expect(socket.bufferedBytes).toBe(0), 5_000);
    await client.vanish();
    const message = Buffer.alloc(1_000, 'x');
    for (let n = 0; n < 100; n += 1) socket.send(message);
    await vi.waitFor(() => expect(socket.bufferedBytes).toBe(100_000), 2_000);
  });

  it('H-74 packets that are not SCTP, and unknown payloads, do no harm', async () => {
    const router = createRouter();
    const client = await connect(router, { endpointId: 'a' });
    const channel = await client.openChannel(CHANNEL_LABEL);
    for (let size = 1; size < 200; size += 1) await client.dtls.sendData(Buffer.alloc(size, size));
    await client.sctp.sctp.send(channel.id!, 99, Buffer.from('what is this'), { ordered: true });
    await client.sctp.sctp.send(channel.id!, 50, Buffer.from([3, 0]), { ordered: true });
    await client.sctp.sctp.send(500, 51, Buffer.from('no such channel'), { ordered: true });
    channel.send('still here');
    await vi.waitFor(() =>
      expect(client.channels[0]!.frames.map(({ data }) => data.toString())).toEqual(['still here']),
    );
    expect(router.stats().rtpDropped.malformed).toBeGreaterThan(100);
  });

  it('H-74 a client that sends endless messages is cut off', async () => {
    const client = await connect(createRouter(), { endpointId: 'a' });
    const channel = await client.openChannel(CHANNEL_LABEL);
    channel.sctp.setRemoteMaxMessageSize(0);
    channel.send('x'.repeat(2_000_000));
    await vi.waitFor(() => expect(client.channels[0]!.isClosed).toBe(true), 10_000);
    expect(client.channels[0]!.frames).toEqual([]);
  });
});

import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { kindOf, NetworkProxy } from '@/tools/drills/network/networkProxy';

/** The head of a request that opens a WebSocket. */
const upgradeTo = (path: string) => `GET ${path} HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\n\r\n`;

describe('NetworkProxy', () => {
  let server: Server;
  let proxy: NetworkProxy;
  let accepted: Socket[];
  const clients: Socket[] = [];

  beforeEach(async () => {
    accepted = [];
    server = createServer((socket) => {
      accepted.push(socket);
      socket.on('error', () => {});
      socket.on('data', (chunk) => socket.write(chunk));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    proxy = await NetworkProxy.start(`http://127.0.0.1:${(server.address() as { port: number }).port}`);
  });

  afterEach(async () => {
    for (const client of clients.splice(0)) client.destroy();
    await proxy.close();
    for (const socket of accepted) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  /** A client of the server behind the proxy, which echoes. */
  async function open(
    first: string,
  ): Promise<{ socket: Socket; echoed(): string; hears(text: string): Promise<void> }> {
    const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1');
    clients.push(socket);
    let text = '';
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    const hears = async (wanted: string) => {
      while (!text.endsWith(wanted)) await sleep(5);
    };
    socket.write(first);
    await hears(first);
    return { socket, echoed: () => text, hears };
  }

  const closed = (socket: Socket) => new Promise<void>((resolve) => socket.once('close', () => resolve()));

  it('the proxy passes bytes both ways', async () => {
    const { echoed } = await open('hello');
    expect(echoed()).toBe('hello');
  });

  it('the proxy cuts connections of one kind and leaves the others', async () => {
    const channel = await open(upgradeTo('/colibri-ws/hub/a/b?pwd=c'));
    const xmpp = await open(upgradeTo('/xmpp-websocket?room=a'));
    proxy.cut('channel');
    await closed(channel.socket);
    xmpp.socket.write('still here');
    await xmpp.hears('still here');
    expect([proxy.openedSince('channel', 0), proxy.openedSince('xmpp', 0)]).toEqual([1, 1]);
    expect(proxy.openedSince('channel', performance.now())).toBe(0);
  });

  it('the proxy deadens a connection without telling either end', async () => {
    const { socket, echoed } = await open(upgradeTo('/colibri-ws/'));
    proxy.deaden('channel');
    socket.write('lost');
    await sleep(100);
    expect(echoed()).toBe(upgradeTo('/colibri-ws/'));
    expect(socket.closed || accepted[0]!.closed).toBe(false);
  });

  it('nothing connects while the network is away, and old connections stay dead afterwards', async () => {
    const old = await open('old');
    proxy.leave();
    const refused = connect(Number(new URL(proxy.url).port), '127.0.0.1');
    refused.on('error', () => {});
    await closed(refused);
    proxy.comeBack();
    old.socket.write('lost');
    await open('new');
    expect(old.echoed()).toBe('old');
  });

  it('a stall holds all bytes back and then releases them in order', async () => {
    const { socket, echoed, hears } = await open('a');
    proxy.setStalled(true);
    socket.write('b');
    socket.write('c');
    await sleep(50);
    expect(echoed()).toBe('a');
    proxy.setStalled(false);
    await hears('abc');
  });

  it('a throttled connection keeps its rate and loses nothing', async () => {
    const { socket, hears } = await open('a');
    proxy.throttle(64_000);
    const beganMs = performance.now();
    socket.write('x'.repeat(3_999));
    socket.write('!');
    await hears('!');
    // 4 kB at 8 kB/s, minus the packet that may go at once.
    expect(performance.now() - beganMs).toBeGreaterThan(250);
    expect(proxy.bytesDown('other')).toBe(4_001);
  });
});

it.each([
  [upgradeTo('/xmpp-websocket?room=a'), 'xmpp'],
  [upgradeTo('/colibri-ws/hub/a/b?pwd=c'), 'channel'],
  [upgradeTo('/elsewhere'), 'other'],
  ['GET /xmpp-websocket?room=a HTTP/1.1\r\nHost: a\r\n\r\n', 'other'],
  ['GET /m/abc HTTP/1.1', 'other'],
  ['', 'other'],
] as const)('a connection that begins with %j has its kind', (first, kind) => {
  expect(kindOf(first)).toBe(kind);
});

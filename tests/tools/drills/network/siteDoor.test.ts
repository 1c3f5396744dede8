import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { HeadlessTransport } from '@/lib/transport/headless/headlessTransport';
import { passInto } from '@/tests/lib/transport/headless/headlessWorld';
import { LOOPBACK_MEDIA, startTestHub } from '@/tests/server/hub/testHub';
import { NetworkProxy } from '@/tools/drills/network/networkProxy';
import { SiteDoor } from '@/tools/drills/network/siteDoor';

const closings: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close();
});

async function serve(answer: RequestListener): Promise<{ server: Server; url: string }> {
  const server = createServer(answer);
  closings.push(() => {
    server.closeAllConnections();
    server.close();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

/** A network in front of a site. */
async function networkOf(siteUrl: string): Promise<NetworkProxy> {
  const door = await SiteDoor.open(siteUrl);
  closings.push(() => door.close());
  const proxy = await NetworkProxy.start(door.url);
  closings.push(() => proxy.close());
  const kindOf = (carriesChannel: boolean) => (carriesChannel ? 'channel' : 'media');
  door.placeIn({ url: proxy.url, portFor: (bridge, carries) => proxy.openPath(kindOf(carries), bridge) });
  return proxy;
}

/** What the API answers to somebody who joins. */
const answerWith = (jitsiUrl: string) =>
  JSON.stringify({
    result: { data: { jitsi: { libUrl: `${jitsiUrl}/libs/x.js`, xmppWebSocketUrl: jitsiUrl.replace('http', 'ws') } } },
  });

it('the door calls itself by the site’s own name, and passes bodies and streams on', async () => {
  const site = await serve((request, response) => {
    const { host, origin } = request.headers;
    request
      .setEncoding('utf8')
      .on('data', (body) => response.write(`${request.method} ${request.url} ${host} ${origin} ${body}`));
    // Never ends by itself, as an event stream.
  });
  const { url } = await networkOf(site.url);
  const answer = await fetch(`${url}/api?a=b`, { method: 'POST', body: 'hello', headers: { origin: url } });
  const { value } = await answer.body!.getReader().read();
  expect(new TextDecoder().decode(value)).toBe(`POST /api?a=b ${new URL(site.url).host} ${site.url} hello`);
});

it('who joins is led to Jitsi by way of the door, which fetches there what is asked for', async () => {
  const jitsi = await serve(({ url, headers }, response) => response.end(`${url} at ${headers.host}`));
  const site = await serve((_request, response) => response.end(answerWith(`${jitsi.url}/base`)));
  const { url } = await networkOf(site.url);
  const { libUrl } = (await (await fetch(`${url}/api/trpc/meeting.join`, { method: 'POST' })).json()).result.data.jitsi;
  expect(libUrl.startsWith(url)).toBe(true);
  expect(await (await fetch(libUrl)).text()).toBe(`/base/libs/x.js at ${new URL(jitsi.url).host}`);
});

it('a WebSocket that the server refuses is refused', async () => {
  const site = await serve(() => {});
  site.server.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n'));
  const { url } = await networkOf(site.url);
  for (const path of ['/xmpp-websocket', '/colibri-ws/a']) {
    const socket = new WebSocket(url.replace('http', 'ws') + path, ['xmpp']);
    const status = await new Promise((resolve) => {
      socket.once('unexpected-response', (_request, { statusCode }) => resolve(statusCode));
      socket.once('error', () => {});
    });
    socket.terminate();
    expect(status).toBe(403);
  }
});

it('XMPP passes with pings, which only the client answers, and with the way in which it ends', async () => {
  const site = await serve(() => {});
  const sockets = new WebSocketServer({ server: site.server, handleProtocols: () => 'xmpp' });
  const accepted = new Promise<WebSocket>((resolve) => sockets.once('connection', resolve));
  const proxy = await networkOf(site.url);
  const address = `${proxy.url.replace('http', 'ws')}/xmpp-websocket`;
  const client = new WebSocket(address, ['xmpp'], { autoPong: false });
  const server = await accepted;
  await new Promise((resolve) => client.once('open', resolve));
  const pongs: string[] = [];
  server.on('pong', (data) => pongs.push(data.toString()));
  const pinged = new Promise<Buffer>((resolve) => client.once('ping', resolve));
  server.ping('one');
  expect((await pinged).toString()).toBe('one');
  expect(pongs).toEqual([]);
  client.pong('one');
  await expect.poll(() => pongs).toEqual(['one']);
  const closed = new Promise((resolve) => server.once('close', (code) => resolve(code)));
  client.close(1001);
  expect(await closed).toBe(1001);

  const next = new Promise<WebSocket>((resolve) => sockets.once('connection', resolve));
  const other = new WebSocket(address, ['xmpp']);
  other.on('error', () => {});
  const cut = new Promise((resolve) => next.then((socket) => socket.once('close', (code) => resolve(code))));
  await next;
  await new Promise((resolve) => other.once('open', resolve));
  proxy.cut('xmpp');
  expect(await cut).toBe(1006);
});

it.each(['datachannel', 'websocket'] as const)(
  'XMPP, bridge channel and media of a client in the network go through it (%s)',
  async (bridgeChannel) => {
    const hub = await startTestHub(
      { jicofo: {}, media: LOOPBACK_MEDIA, bridgeChannel },
      { page: (_request, response) => void response.end(answerWith(`http://127.0.0.1:${hub.port}`)) },
    );
    closings.push(() => hub.close());
    const proxy = await networkOf(`http://127.0.0.1:${hub.port}`);
    const answer = await (await fetch(`${proxy.url}/api/trpc/meeting.join`)).json();
    const enter = async (personId: string, xmppWebSocketUrl?: string) => {
      const pass = passInto(hub, personId);
      const coordinates = xmppWebSocketUrl ? { ...pass.coordinates, xmppWebSocketUrl } : pass.coordinates;
      const transport = new HeadlessTransport({ fetchPass: async () => ({ ...pass, coordinates }) });
      closings.push(() => transport.disconnect());
      await transport.connect();
      return transport;
    };
    const ann = await enter('ann', `${answer.result.data.jitsi.xmppWebSocketUrl}xmpp-websocket`);
    const ben = await enter('ben');
    let heard = 0;
    ben.events.on('packet', () => {
      heard += 1;
    });
    const speak = () => {
      ann.broadcast(Uint8Array.of(1), 1);
      return heard;
    };
    await expect.poll(speak, { timeout: 10_000 }).toBeGreaterThan(0);
    expect(ann.channelKind).toBe(bridgeChannel);
    const kinds = ['xmpp', 'channel', 'media'] as const;
    await expect.poll(() => hub.hub.stats().media?.connected, { timeout: 10_000 }).toBe(2);
    const opened = kinds.map((kind) => Math.min(1, proxy.openedSince(kind, 0)));
    expect(opened).toEqual(bridgeChannel === 'websocket' ? [1, 1, 1] : [1, 1, 0]);

    // Nothing goes around the network.
    proxy.deaden();
    await new Promise((resolve) => setTimeout(resolve, 100));
    const before = heard;
    for (let k = 0; k < 5; k += 1) speak();
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(heard).toBe(before);
  },
);

import type { AddressInfo } from 'node:net';
import { afterEach, expect, it } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { HeadlessTransport } from '@/lib/transport/headless/headlessTransport';
import { eventually } from '@/tests/contract/transportWorld';
import { startTestHub, type TestHub } from '@/tests/server/hub/testHub';
import { passInto } from '../headlessWorld';

/** An XMPP socket: its address, what passed through it, and its client's end. */
interface Passed {
  readonly url: string;
  readonly fromClient: string[];
  readonly fromServer: string[];
  readonly client: WebSocket;
}

let hub: TestHub | null = null;
let relay: WebSocketServer | null = null;

afterEach(async () => {
  relay?.close();
  await hub?.close();
});

/** Sockets that pass through to the hub. */
function startRelay(target: TestHub): Promise<readonly Passed[]> {
  const sockets: Passed[] = [];
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  relay = server;
  server.on('connection', (client, { url = '' }) => {
    const upstream = new WebSocket(`ws://127.0.0.1:${target.port}${url}`, ['xmpp']);
    const passed: Passed = { url, fromClient: [], fromServer: [], client };
    sockets.push(passed);
    const opened = new Promise((resolve) => upstream.once('open', resolve));
    client.on('message', async (data) => {
      passed.fromClient.push(data.toString());
      await opened;
      upstream.send(data.toString());
    });
    upstream.on('message', (data) => {
      passed.fromServer.push(data.toString());
      client.send(data.toString());
    });
    client.on('close', () => upstream.terminate());
    upstream.on('close', () => client.terminate());
  });
  return new Promise((resolve) => server.once('listening', () => resolve(sockets)));
}

it('T-32 a client that resumes names its session in the address and has counted every stanza', async () => {
  hub = await startTestHub();
  const sockets = await startRelay(hub);
  const pass = passInto(hub, 'ann');
  const xmppWebSocketUrl = `ws://127.0.0.1:${(relay!.address() as AddressInfo).port}/xmpp-websocket`;
  const transport = new HeadlessTransport({
    fetchPass: async () => ({ ...pass, coordinates: { ...pass.coordinates, xmppWebSocketUrl } }),
  });
  await transport.connect();
  await eventually(() => transport.isChannelOpen, 'the channel is open');
  const [first] = sockets;
  // Frames keep their order: an answer proves that everything before the question has arrived.
  const answered = () => first!.fromClient.filter((frame) => frame.startsWith('<a ')).length;
  const before = answered();
  first!.client.send('<r xmlns="urn:xmpp:sm:3"/>');
  await eventually(() => answered() > before, 'everything has arrived');
  first!.client.terminate();
  const resume = () => sockets[1]?.fromClient.find((frame) => frame.startsWith('<resume'));
  await eventually(() => resume() !== undefined, 'the session is resumed');
  const enabled = first!.fromServer.findIndex((frame) => frame.startsWith('<enabled'));
  const sessionId = / id="([^"]*)"/.exec(first!.fromServer[enabled]!)?.[1];
  const stanzas = first!.fromServer.slice(enabled + 1).filter((frame) => /^<(iq|presence|message)\b/.test(frame));
  expect(stanzas.some((frame) => frame.includes('type="result"'))).toBe(true);
  expect(/ h="(\d+)"/.exec(resume()!)?.[1]).toBe(String(stanzas.length));
  expect(new URL(sockets[1]!.url, 'ws://relay').searchParams.get('previd')).toBe(sessionId);
  await transport.disconnect();
});

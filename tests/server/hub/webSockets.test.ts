import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { type SocketHandlers, WebSocketAcceptor } from '@/server/hub/webSockets';
import { RawSocket } from './rawClient';

let server: Server;
let acceptor: WebSocketAcceptor;
let errors: unknown[];
let floods = 0;
let url: string;

/** Echoes, closes on `bye`, and throws wherever a client asks it to. */
function moody(socket: WebSocket): SocketHandlers {
  const check = (mood: string) => {
    if (mood.startsWith('throw')) throw new Error(mood);
  };
  return {
    onFrame: (data) => {
      check(data.toString());
      if (data.toString() === 'bye') socket.close(1000);
      else socket.send(data.toString());
    },
    onClose: () => check('throw at close'),
    onTooLarge: () => check('throw at size'),
    onFlood: () => {
      floods += 1;
    },
  };
}

const BURST = 20;

/** What costs a client as little as possible to send, by what it is called. */
const FLOODS: readonly (readonly [kind: string, send: (socket: WebSocket) => void])[] = [
  ['empty messages', (socket) => socket.send('')],
  ['pings', (socket) => socket.ping()],
  ['pongs that answer nothing', (socket) => socket.pong()],
];

beforeEach(async () => {
  errors = [];
  floods = 0;
  acceptor = new WebSocketAcceptor({
    maxPayloadBytes: 64,
    limits: { framesPerSecond: 1, frameBurst: BURST },
    // Stands still, so that only the burst counts.
    clock: { nowMs: () => 0 },
    reportError: (error) => errors.push(error),
  });
  server = createServer();
  server.on('upgrade', (request, socket, head) => {
    acceptor.accept(request, socket, head, (webSocket) => {
      if (request.url === '/throw') throw new Error('throw at opening');
      return moody(webSocket);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  await acceptor.close();
  await new Promise((resolve) => server.close(resolve));
});

describe('WebSocketAcceptor', () => {
  it('H-40 a handler that throws costs its own socket and nothing else', async () => {
    const steady = await RawSocket.open(url);
    const broken = [await RawSocket.open(url), await RawSocket.open(url), await RawSocket.open(`${url}/throw`)];
    broken[0]?.send('throw');
    broken[1]?.send('x'.repeat(65));
    for (const socket of broken) await socket.closed;
    steady.send('still here');
    expect(await steady.next()).toBe('still here');
    expect(errors.map(String)).toEqual(
      expect.arrayContaining(['Error: throw', 'Error: throw at size', 'Error: throw at opening']),
    );
    expect(acceptor.size).toBe(1);
  });

  it('H-40 a socket that will not finish closing is cut', async () => {
    const stubborn = await RawSocket.open(url);
    stubborn.send('bye');
    stubborn.ws.pause();
    await expect
      .poll(
        () => {
          acceptor.sweep();
          return acceptor.size;
        },
        { timeout: 10_000 },
      )
      .toBe(0);
    stubborn.ws.terminate();
  });

  it.each(FLOODS)('H-41 %s at a rate of no client cut the socket, and no other', async (_kind, send) => {
    const steady = await RawSocket.open(url);
    const flooder = await RawSocket.open(url);
    for (let sent = 0; sent < BURST * 2; sent += 1) send(flooder.ws);
    expect((await flooder.closed).code).toBe(1006);
    expect(floods).toBe(1);
    steady.send('still here');
    expect(await steady.next()).toBe('still here');
  });

  it('H-41 a client that goes on sending after the hub has closed its socket is cut', async () => {
    const flooder = await RawSocket.open(url);
    // Its own end never answers the close, which would end it.
    const { _socket: connection } = flooder.ws as unknown as { readonly _socket: Socket };
    connection.removeAllListeners('data');
    const gone = once(connection, 'close');
    flooder.send('bye');
    for (let sent = 0; sent < BURST * 2; sent += 1) flooder.send('');
    await gone;
    expect(acceptor.size).toBe(0);
    expect(floods).toBe(1);
  });

  it('H-41 a message in countless pieces costs its socket', async () => {
    const flooder = await RawSocket.open(url);
    for (let sent = 0; sent < 1_000; sent += 1) flooder.ws.send('', { fin: false });
    expect((await flooder.closed).code).toBe(1008);
  });
});

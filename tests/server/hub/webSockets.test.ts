import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { type SocketHandlers, WebSocketAcceptor } from '@/server/hub/webSockets';
import { RawSocket } from './rawClient';

let server: Server;
let acceptor: WebSocketAcceptor;
let errors: unknown[];
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
  };
}

beforeEach(async () => {
  errors = [];
  acceptor = new WebSocketAcceptor(64, (error) => errors.push(error));
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
});

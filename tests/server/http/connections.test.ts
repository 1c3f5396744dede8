import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { type ConnectionLimits, Connections, connectionLimits } from '@/server/http/connections';
import { rawRequest } from '@/tests/support/rawRequest';

const closings: (() => void)[] = [];
afterEach(() => {
  for (const close of closings.splice(0)) close();
});

/** A server that answers `/` at once and keeps every other request open. */
async function serve(limits: ConnectionLimits) {
  const connections = new Connections(limits);
  const held: ServerResponse[] = [];
  const server = createServer((request, response) => {
    if (request.url === '/') response.end('here');
    else {
      held.push(response);
      response.writeHead(200).write('...');
    }
  });
  connections.watch(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closings.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { connections, held, server, port: (server.address() as AddressInfo).port };
}

interface Client {
  readonly socket: Socket;
  isClosed: boolean;
}

async function open(port: number, text = ''): Promise<Client> {
  const socket = connect(port, '127.0.0.1');
  const client: Client = { socket, isClosed: false };
  socket.on('error', () => {});
  socket.on('close', () => {
    client.isClosed = true;
  });
  closings.push(() => socket.destroy());
  await new Promise((resolve) => socket.once('connect', resolve));
  if (text) socket.write(text);
  socket.resume();
  return client;
}

const STREAM = 'GET /stream HTTP/1.1\r\nHost: x\r\n\r\n';
const ASK = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';
const LIMITS = { max: 8, maxPerAddress: 8 };

describe('a server full of connections', () => {
  it('idle connections keep no one out, and end no stream', async () => {
    const { connections, held, port } = await serve(LIMITS);
    const streams = [await open(port, STREAM), await open(port, STREAM)];
    await expect.poll(() => held.length).toBe(2);
    for (let count = 0; count < 40; count += 1) await open(port);
    expect((await rawRequest(`http://127.0.0.1:${port}/`)).status).toBe(200);
    expect(connections.size).toBeLessThanOrEqual(LIMITS.max);
    expect(streams.map(({ isClosed }) => isClosed)).toEqual([false, false]);
  });

  it('the connection that has waited longest makes room, those that have asked before last', async () => {
    const { connections, port } = await serve({ max: 3, maxPerAddress: 3 });
    const asked = await open(port, ASK);
    await expect.poll(() => asked.socket.bytesRead).toBeGreaterThan(0);
    const [first, second] = [await open(port), await open(port)];
    await expect.poll(() => connections.size).toBe(3);
    await open(port);
    await expect.poll(() => first.isClosed).toBe(true);
    expect([asked.isClosed, second.isClosed]).toEqual([false, false]);
  });

  it('where every connection is being answered, the new one is refused', async () => {
    const { held, port } = await serve({ max: 2, maxPerAddress: 2 });
    const streams = [await open(port, STREAM), await open(port, STREAM)];
    await expect.poll(() => held.length).toBe(2);
    await expect(rawRequest(`http://127.0.0.1:${port}/`)).rejects.toThrow();
    expect(streams.map(({ isClosed }) => isClosed)).toEqual([false, false]);
  });

  it('one address can hold only a share of all connections', async () => {
    const { connections, port } = await serve({ max: 8, maxPerAddress: 3 });
    for (let count = 0; count < 6; count += 1) await open(port);
    await expect.poll(() => connections.size).toBe(3);
  });

  it('a connection that closes or is upgraded counts no longer', async () => {
    const { connections, server, port } = await serve(LIMITS);
    const client = await open(port);
    await expect.poll(() => connections.size).toBe(1);
    client.socket.destroy();
    await expect.poll(() => connections.size).toBe(0);
    const upgrades: Duplex[] = [];
    server.on('upgrade', (_request, socket) => upgrades.push(socket));
    await open(port, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    await expect.poll(() => upgrades.length).toBe(1);
    expect(connections.size).toBe(0);
    upgrades[0]!.destroy();
  });
});

describe('connectionLimits', () => {
  it('connections leave enough descriptors for everything else, also if each reads a file', () => {
    expect(connectionLimits(140, false)).toEqual({ max: 38, maxPerAddress: 19 });
    expect(connectionLimits(1_000_000, false).max).toBe(4_096);
    expect(connectionLimits(10, false).max).toBe(16);
  });

  it('behind a proxy all connections have one address', () => {
    expect(connectionLimits(140, true)).toEqual({ max: 38, maxPerAddress: 38 });
  });
});

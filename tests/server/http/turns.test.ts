import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Turns } from '@/server/http/turns';

const closings: (() => void)[] = [];
afterEach(() => {
  for (const close of closings.splice(0)) close();
});

/** A server that answers when a test says so. */
async function serve() {
  const begun: string[] = [];
  const open = new Map<string, ServerResponse>();
  const closed: string[] = [];
  const turns = new Turns();
  const server = createServer((request, response) => {
    const { url = '' } = request;
    turns.take(request, response, () => {
      begun.push(url);
      open.set(url, response);
      response.once('close', () => closed.push(url));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closings.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { begun, open, closed, port: (server.address() as AddressInfo).port };
}

/** Sends requests for `paths` ahead on one connection. */
function ask(port: number, paths: readonly string[]): Socket {
  const socket = connect(port, '127.0.0.1');
  closings.push(() => socket.destroy());
  socket.on('error', () => {});
  socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`).join(''));
  return socket;
}

/** Resolves once what came before has been handled: a connection of its own has been answered. */
async function settled({ open, port }: Awaited<ReturnType<typeof serve>>): Promise<void> {
  const path = `/settle-${open.size}`;
  ask(port, [path]);
  await expect.poll(() => open.has(path)).toBe(true);
  open.get(path)?.end();
}

describe('requests sent ahead on one connection', () => {
  it('each begins once the one before has been answered, and answers keep their order', async () => {
    const world = await serve();
    const socket = ask(world.port, ['/a', '/b', '/c']);
    let text = '';
    socket.on('data', (data: Buffer) => {
      text += data.toString();
    });
    await settled(world);
    expect(world.begun).not.toContain('/b');
    for (const path of ['/a', '/b', '/c']) {
      await expect.poll(() => world.open.has(path)).toBe(true);
      world.open.get(path)?.end(`answer ${path}`);
    }
    await expect.poll(() => text.match(/answer \/./g)).toEqual(['answer /a', 'answer /b', 'answer /c']);
  });

  it('those that wait when their connection closes never begin', async () => {
    const world = await serve();
    const socket = ask(world.port, ['/a', '/b', '/c']);
    await expect.poll(() => world.open.has('/a')).toBe(true);
    socket.destroy();
    await expect.poll(() => world.closed).toContain('/a');
    await settled(world);
    expect(world.begun).not.toContain('/b');
  });

  it('none begins after an answer that closes the connection', async () => {
    const world = await serve();
    const socket = ask(world.port, ['/a', '/b']);
    await expect.poll(() => world.open.has('/a')).toBe(true);
    socket.resume();
    const gone = new Promise((resolve) => socket.once('close', resolve));
    world.open.get('/a')?.writeHead(200, { connection: 'close' }).end('last');
    await gone;
    await settled(world);
    expect(world.begun).not.toContain('/b');
  });

  it('a connection that sends too many ahead is closed', async () => {
    const world = await serve();
    const socket = ask(
      world.port,
      Array.from({ length: 40 }, (_, index) => `/${index}`),
    );
    await new Promise((resolve) => socket.once('close', resolve));
    await expect.poll(() => world.closed).toEqual(['/0']);
    expect(world.begun).toEqual(['/0']);
  });
});

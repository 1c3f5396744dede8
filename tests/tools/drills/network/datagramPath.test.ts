import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { NetworkProxy } from '@/tools/drills/network/networkProxy';

let bridge: Socket;
let proxy: NetworkProxy;
const sockets: Socket[] = [];

async function socketOf(): Promise<Socket> {
  const socket = createSocket('udp4');
  sockets.push(socket);
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return socket;
}

/** A bridge that answers what it hears with the port that it came from. */
beforeEach(async () => {
  bridge = await socketOf();
  bridge.on('message', (data, { address, port }) => bridge.send(`${data}@${port}`, port, address));
  proxy = await NetworkProxy.start('http://127.0.0.1:9');
});

afterEach(async () => {
  await proxy.close();
  for (const socket of sockets.splice(0)) socket.close();
});

const openPath = () => proxy.openPath('channel', { ip: '127.0.0.1', port: bridge.address().port });

/** A client of the bridge by way of a path. */
async function clientOf(port: number) {
  const socket = await socketOf();
  const heard: string[] = [];
  socket.on('message', (data) => heard.push(data.toString()));
  const say = (...texts: string[]) => {
    for (const text of texts) socket.send(text, port, '127.0.0.1');
  };
  const words = () => heard.map((text) => text.split('@')[0]);
  return { heard, say, words };
}

it('each socket of a client comes from a socket of its own, and is answered there', async () => {
  const port = await openPath();
  const [ann, ben] = [await clientOf(port), await clientOf(port)];
  ann.say('a', 'b');
  ben.say('c');
  await expect.poll(() => [ann.words(), ben.words()]).toEqual([['a', 'b'], ['c']]);
  const ports = [...ann.heard, ...ben.heard].map((text) => text.split('@')[1]);
  expect(new Set(ports).size).toBe(2);
  expect(proxy.openedSince('channel', 0)).toBe(2);
  expect(proxy.datagramsDown('channel')).toBe(3);
  expect(proxy.bytesDown('channel')).toBe(3 * 28 + [...ann.heard, ...ben.heard].join('').length);
});

it('a stall holds datagrams back and then releases them in order', async () => {
  const ann = await clientOf(await openPath());
  ann.say('a');
  await expect.poll(ann.words).toEqual(['a']);
  proxy.setStalled(true);
  ann.say('b', 'c');
  await sleep(50);
  expect(ann.words()).toEqual(['a']);
  proxy.setStalled(false);
  await expect.poll(ann.words).toEqual(['a', 'b', 'c']);
});

it('a dead flow stays dead, and another socket passes', async () => {
  const port = await openPath();
  const ann = await clientOf(port);
  ann.say('a');
  await expect.poll(ann.words).toEqual(['a']);
  proxy.cut('channel');
  ann.say('lost');
  const ben = await clientOf(port);
  ben.say('b');
  await expect.poll(ben.words).toEqual(['b']);
  expect(ann.words()).toEqual(['a']);
});

it('nothing begins while the network is away', async () => {
  const port = await openPath();
  proxy.leave();
  const ann = await clientOf(port);
  ann.say('lost');
  await sleep(50);
  proxy.comeBack();
  const ben = await clientOf(port);
  ben.say('b');
  await expect.poll(ben.words).toEqual(['b']);
  expect(ann.words()).toEqual([]);
});

it('a slow path keeps its rate, queues what a small router would, and drops the rest', async () => {
  const ann = await clientOf(await openPath());
  ann.say('a');
  await expect.poll(ann.words).toEqual(['a']);
  proxy.throttle(64_000);
  const beganMs = performance.now();
  // 40 kB at once, of which 16 are queued; 8 kB pass in a second.
  for (let k = 0; k < 40; k += 1) ann.say('x'.repeat(1_000));
  await expect.poll(() => ann.words().length, { timeout: 10_000 }).toBeGreaterThan(9);
  expect(performance.now() - beganMs).toBeGreaterThan(700);
  proxy.throttle(null);
  await sleep(100);
  expect(ann.words().length).toBeLessThan(30);
});

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { UdpSocket } from '@/server/hub/media/ice/udpSocket';

/** Sends `text` from `address` to the socket. */
async function sendFrom(address: string, text: string, { port }: UdpSocket): Promise<void> {
  const sender = createSocket('udp4');
  sender.bind(0, address);
  await once(sender, 'listening');
  await new Promise((resolve) => sender.send(text, port, '127.0.0.1', resolve));
  sender.close();
}

// Linux answers to all of 127.0.0.0/8.
describe.skipIf(process.platform !== 'linux')('a bound UDP socket', () => {
  it.each([
    ['H-61 one for this machine only takes datagrams from no other address', true, ['own']],
    ['H-61 an open one takes datagrams from every address', false, ['stranger', 'own']],
  ])('%s', async (_, isOwnOnly, taken) => {
    const socket = await UdpSocket.bind('127.0.0.1', 0, isOwnOnly);
    const got: string[] = [];
    socket.listen(
      (data) => got.push(data.toString()),
      () => {},
    );
    await sendFrom('127.0.0.2', 'stranger', socket);
    await sendFrom('127.0.0.1', 'own', socket);
    await expect.poll(() => got).toEqual(taken);
    socket.close();
  });
});

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Carrier } from '@/server/hub/media/ice/carrier';
import { TcpListener } from '@/server/hub/media/ice/tcpCarrier';

/** Linux answers to all of 127.0.0.0/8. */
const hasSecondLoopback = process.platform === 'linux';

let listener: TcpListener | null = null;
let sockets: Socket[] = [];

afterEach(() => {
  for (const socket of sockets) socket.destroy();
  sockets = [];
  listener?.close();
});

/** A listener that knows datagrams which start with `knows`. */
async function start(knows: string, isOwnOnly = false) {
  listener = await TcpListener.bind('127.0.0.1', 0, isOwnOnly);
  const { port } = listener!;
  const got: string[] = [];
  const carriers = new Set<Carrier>();
  let gone = 0;
  listener!.accept(
    (data, via) => {
      carriers.add(via);
      got.push(data.toString());
      return data.toString().startsWith(knows);
    },
    () => {
      gone += 1;
    },
    () => {},
  );
  const dial = async (localAddress = '127.0.0.1') => {
    const socket = connect({ port, host: '127.0.0.1', localAddress });
    sockets.push(socket);
    socket.on('error', () => {});
    await once(socket, 'connect');
    return socket;
  };
  return { got, carriers, dial, gone: () => gone };
}

function framed(text: string): Buffer {
  const frame = Buffer.alloc(2 + text.length);
  frame.writeUInt16BE(text.length, 0);
  frame.write(text, 2);
  return frame;
}

describe('media over TCP', () => {
  it('H-79 datagrams are read and written behind their length, however they are cut', async () => {
    const { got, carriers, dial } = await start('hello');
    const socket = await dial();
    const bytes = Buffer.concat([framed('hello'), framed(''), framed('second'), framed('x'.repeat(2_000))]);
    for (const byte of bytes.subarray(0, 20)) {
      socket.write(Buffer.from([byte]));
      await new Promise((resolve) => setImmediate(resolve));
    }
    socket.write(bytes.subarray(20));
    await expect.poll(() => got).toEqual(['hello', '', 'second', 'x'.repeat(2_000)]);
    const [carrier] = carriers;
    expect(carrier!.send(Buffer.from('back'), { address: '127.0.0.1', port: 1 })).toBe(true);
    const [data] = await once(socket, 'data');
    expect(data).toEqual(framed('back'));
  });

  it('H-79 a connection that begins with anything but a check of a known client, or sends too much at once, ends', async () => {
    const { dial, got, gone } = await start('hello');
    const stranger = await dial();
    stranger.write(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
    await once(stranger, 'close');
    const guesser = await dial();
    guesser.write(framed('hullo'));
    await once(guesser, 'close');
    const client = await dial();
    client.write(Buffer.concat([framed('hello'), framed('y'.repeat(3_000))]));
    await once(client, 'close');
    await expect.poll(gone).toBe(3);
    expect(got).toEqual(['hullo', 'hello']);
  });

  it.skipIf(!hasSecondLoopback)(
    'H-61 an address for this machine only takes no connection from another address',
    async () => {
      const { dial, got } = await start('hello', true);
      const stranger = await dial('127.0.0.2');
      stranger.write(framed('hello stranger'));
      await once(stranger, 'close');
      const own = await dial();
      own.write(framed('hello'));
      await expect.poll(() => got).toEqual(['hello']);
    },
  );

  it('H-79 a connection that brings datagrams without end, even empty ones, is cut, and no other', async () => {
    const { got, dial } = await start('hello');
    const [steady, flooder] = [await dial(), await dial()];
    for (const socket of [steady, flooder]) socket.write(framed('hello'));
    await expect.poll(() => got.length).toBe(2);
    const gone = new Promise((resolve) => flooder.once('close', resolve));
    flooder.write(Buffer.alloc(400_000));
    await gone;
    expect(got.length).toBeLessThan(100_000);
    steady.write(framed('hello again'));
    await expect.poll(() => got.at(-1)).toBe('hello again');
  });
});

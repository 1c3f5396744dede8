import { afterEach, expect, it, vi } from 'vitest';
import { MediaPort } from '@/server/hub/media/ice/mediaPort';
import { TcpListener } from '@/server/hub/media/ice/tcpCarrier';

const ports: MediaPort[] = [];
afterEach(() => {
  vi.restoreAllMocks();
  for (const port of ports.splice(0)) port.close();
});

async function bind(port: number): Promise<{ udp: number[]; tcp: number[] }> {
  const settings = { addresses: ['127.0.0.1'], port, mayFallBack: false, announcedAddresses: [] };
  const bound = await MediaPort.bind(settings, () => {});
  ports.push(bound);
  return { udp: bound.sockets.map((one) => one.port), tcp: bound.listeners.map((one) => one.port) };
}

it('H-61 where any port will do, one is taken that is free for TCP as well', async () => {
  vi.spyOn(TcpListener, 'bind').mockResolvedValueOnce(null);
  const { udp, tcp } = await bind(0);
  expect(tcp).toEqual(udp);
});

it('H-61 a port that was asked for is kept, with UDP alone if another program has it for TCP', async () => {
  const free = (await bind(0)).udp[0]!;
  ports.pop()!.close();
  vi.spyOn(TcpListener, 'bind').mockResolvedValue(null);
  expect(await bind(free)).toEqual({ udp: [free], tcp: [] });
});

import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createHubServer } from './hubServer';
import { obey } from './processLink';
import type { ServerAnswer, ServerKind, ServerOrder } from './servers';
import { createSocketIoServer } from './socketIoServer';
import { createWsServer } from './wsServer';

const CREATE: Readonly<Record<ServerKind, (hasMedia: boolean) => Server | Promise<Server>>> = {
  hub: createHubServer,
  ws: createWsServer,
  'socket.io': createSocketIoServer,
};

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

obey<ServerOrder, ServerAnswer>(async (order) => {
  if (order.do === 'usage') {
    const { user, system } = process.cpuUsage();
    return { cpuMs: (user + system) / 1000, rssBytes: process.memoryUsage.rss() };
  }
  const { kind, port, hasMedia } = order.settings;
  return { port: await listen(await CREATE[kind](hasMedia), port) };
});

import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server as SocketIoServer } from 'socket.io';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Admission } from '@/lib/core/admission';
import { createConsoleLog } from '@/lib/core/log';
import { PINNED_LIBRARY } from '@/server/hub/clientLibrary';
import { Hub } from '@/server/hub/hub';
import type { MediaSettings } from '@/server/hub/media/mediaContract';
import { obey } from './processLink';
import { BENCH_DOMAIN, type ServerAnswer, type ServerKind, type ServerOrder } from './servers';

/** Accepts the tokens of `tokenOf`: the hub is measured, not the signature. */
const admission: Admission = {
  async verify(token) {
    const [room, personId, tokenId] = (token ?? '').split('~');
    if (!room || !personId || !tokenId) return { ok: false, reason: 'tokenInvalid' };
    const admitted = { room, personId, stayId: tokenId, name: personId, role: 'participant', tokenId } as const;
    return { ok: true, admitted };
  },
  review: async () => [],
};

const MEDIA: MediaSettings = {
  addresses: ['127.0.0.1'],
  port: 0,
  mayFallBack: false,
  announcedAddresses: null,
};

/** The hub alone behind a plain HTTP server, with its limits of production. */
async function createHubServer(hasMedia: boolean): Promise<Server> {
  const hub = new Hub({
    domain: BENCH_DOMAIN,
    admission,
    libJitsiMeetPath: PINNED_LIBRARY.path,
    media: hasMedia ? MEDIA : null,
    bridgeChannel: 'websocket',
    log: createConsoleLog('warn'),
  });
  await hub.ready;
  const server = createServer((request, response) => {
    if (!hub.handleRequest(request, response)) response.writeHead(404).end();
  });
  server.on('upgrade', (request, socket, head) => {
    if (!hub.handleUpgrade(request, socket, head)) socket.destroy();
  });
  return server;
}

const HELLO = 'hello';

/**
 * The floor: a bare `ws` server that forwards each message unread to all others in the room that its path names. It checks,
 * limits and rewrites nothing.
 */
function createWsServer(): Server {
  const server = createServer();
  const rooms = new Map<string, Set<WebSocket>>();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false, clientTracking: false });
  sockets.on('connection', (socket: WebSocket, request: IncomingMessage) => {
    const path = request.url ?? '/';
    const room = rooms.get(path) ?? new Set();
    rooms.set(path, room.add(socket));
    socket.on('message', (data: Buffer) => {
      for (const other of room) if (other !== socket) other.send(data, { binary: false });
    });
    socket.on('close', () => room.delete(socket));
    socket.send(HELLO);
  });
  return server;
}

/** socket.io at its best: WebSocket only, no compression, one text argument, no acknowledgement. */
function createSocketIoServer(): Server {
  const server = createServer();
  const sockets = new SocketIoServer(server, {
    transports: ['websocket'],
    perMessageDeflate: false,
    httpCompression: false,
    serveClient: false,
  });
  sockets.on('connection', (socket) => {
    const room = String(socket.handshake.query['room']);
    void socket.join(room);
    socket.on('message', (text: string) => {
      socket.to(room).emit('message', text);
    });
  });
  return server;
}

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

import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';

const HELLO = 'hello';

/**
 * The floor: a bare `ws` server that forwards what comes, unread, to everybody else in the room its path names. Nothing is
 * checked, limited or written anew.
 */
export function createWsServer(): Server {
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

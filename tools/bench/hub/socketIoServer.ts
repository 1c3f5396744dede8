import { createServer, type Server } from 'node:http';
import { Server as SocketIoServer } from 'socket.io';

/** socket.io rooms at their best: WebSocket alone, no compression, one text argument, no acknowledgement. */
export function createSocketIoServer(): Server {
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

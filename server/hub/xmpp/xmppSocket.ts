import type { WebSocket } from 'ws';
import type { Wire } from './session';

/** The wire of an XMPP stream over a WebSocket. A client that reads too slowly is cut off; it may resume. */
export function webSocketWire(socket: WebSocket, backlogMaxBytes: number): Wire {
  return {
    send(text) {
      if (socket.readyState !== socket.OPEN) return;
      if (socket.bufferedAmount > backlogMaxBytes) socket.terminate();
      else socket.send(text);
    },
    close(code, reason) {
      if (socket.readyState === socket.OPEN) socket.close(code, reason);
    },
  };
}

import type { Seat, SeatPlace } from './seat';
import { type TextListener, ThinSocket } from './thinSocket';

/** Packets of Engine.IO 4 and Socket.IO 5 (their protocol documents): open, namespace connected, ping, event. */
const CONNECT = Buffer.from('40');
const PING = '2'.charCodeAt(0);
const PONG = Buffer.from('3');

/** A seat at the socket.io server, spoken raw so that all servers face the same client. */
export async function openSocketIoSeat({ port, room }: SeatPlace): Promise<Seat> {
  const socket = await ThinSocket.open(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket&room=${room}`);
  let listener: TextListener = () => {};
  const connected = new Promise<void>((resolve) => {
    socket.onText = (bytes, start, end) => {
      if (bytes[start] === PING && end - start === 1) socket.send(PONG);
      else if (bytes.toString('latin1', start, start + 2) === '40') resolve();
      else listener(bytes, start, end);
    };
  });
  socket.send(CONNECT);
  await connected;
  return {
    set onText(wanted: TextListener) {
      listener = wanted;
    },
    broadcast: (text) => socket.send(Buffer.from(`42["message","${text}"]`)),
    close: () => socket.close(),
  };
}

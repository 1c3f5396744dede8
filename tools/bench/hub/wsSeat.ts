import type { Seat, SeatPlace } from './seat';
import { type TextListener, ThinSocket } from './thinSocket';

/** A seat at the bare `ws` server; its messages are those of the hub's clients. */
export async function openWsSeat({ port, room }: SeatPlace): Promise<Seat> {
  const socket = await ThinSocket.open(`ws://127.0.0.1:${port}/${room}`);
  await new Promise<void>((resolve) => {
    socket.onText = () => resolve();
  });
  return {
    set onText(listener: TextListener) {
      socket.onText = listener;
    },
    broadcast: (text) => socket.send(Buffer.from(endpointMessage(text))),
    close: () => socket.close(),
  };
}

/** An endpoint message to everybody else, as clients of a bridge write it. */
export function endpointMessage(text: string): string {
  return `{"colibriClass":"EndpointMessage","to":"","msgPayload":{"parley":"${text}"}}`;
}

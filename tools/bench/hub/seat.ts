import { openHubSeat } from './hubSeat';
import type { ServerKind } from './servers';
import { openSocketIoSeat } from './socketIoSeat';
import type { TextListener } from './thinSocket';
import { openWsSeat } from './wsSeat';

/** One connection to a server under test, in a room. */
export interface Seat {
  onText: TextListener;
  /** Sends `text`, plain characters that need no escaping, to everybody else in the room. */
  broadcast(text: string): void;
  close(): void;
}

/** Which place a seat is at. */
export interface SeatPlace {
  readonly port: number;
  readonly room: string;
  readonly personId: string;
}

const OPEN: Readonly<Record<ServerKind, (place: SeatPlace) => Promise<Seat>>> = {
  hub: openHubSeat,
  ws: openWsSeat,
  'socket.io': openSocketIoSeat,
};

/** Enters a room of a server; resolves when messages can be sent. */
export function openSeat(kind: ServerKind, place: SeatPlace): Promise<Seat> {
  return OPEN[kind](place);
}

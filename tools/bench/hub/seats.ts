import { WebSocket } from 'ws';
import { BENCH_DOMAIN, type ServerKind, tokenOf } from './servers';
import { type TextListener, ThinSocket } from './thinSocket';

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

/** A seat at the bare `ws` server; its messages are those of the hub's clients. */
async function openWsSeat({ port, room }: SeatPlace): Promise<Seat> {
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
function endpointMessage(text: string): string {
  return `{"colibriClass":"EndpointMessage","to":"","msgPayload":{"parley":"${text}"}}`;
}

const OPEN_STREAM = `<open xmlns="urn:ietf:params:xml:ns:xmpp-framing" to="${BENCH_DOMAIN}" version="1.0"/>`;
const AUTH = '<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="ANONYMOUS"/>';
const BIND = '<iq xmlns="jabber:client" type="set" id="bind"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"/></iq>';

/** An XMPP socket whose frames are waited for one kind at a time; the others are thrown away. */
class XmppDialogue {
  private wanted: { readonly pattern: RegExp; take(match: RegExpExecArray): void } | null = null;

  constructor(readonly socket: WebSocket) {
    socket.on('error', () => {});
    socket.on('message', (data: Buffer) => {
      const match = this.wanted?.pattern.exec(data.toString());
      if (match) this.wanted?.take(match);
    });
  }

  /** Sends `frame` and gives what `pattern` finds in the frames that follow. */
  say(frame: string, pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      this.wanted = { pattern, take: resolve };
      this.socket.once('close', () => reject(new Error(`the hub hung up instead of ${pattern}`)));
      this.socket.send(frame);
    });
  }
}

async function openXmpp({ port, room, personId }: SeatPlace): Promise<XmppDialogue> {
  const token = tokenOf(room, personId);
  const socket = new WebSocket(`ws://127.0.0.1:${port}/xmpp-websocket?room=${room}&token=${token}`, ['xmpp']);
  const dialogue = new XmppDialogue(socket);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return dialogue;
}

/** The address of the bridge channel that the focus offers to one who enters. */
async function channelAddress(dialogue: XmppDialogue, room: string): Promise<string> {
  await dialogue.say(OPEN_STREAM, /<mechanisms/);
  await dialogue.say(AUTH, /<success/);
  await dialogue.say(OPEN_STREAM, /<bind/);
  const jid = (await dialogue.say(BIND, /<jid>([^<]+)/))[1]!;
  const to = `${room}@conference.${BENCH_DOMAIN}/${jid.slice(0, 8)}`;
  const presence = `<presence xmlns="jabber:client" to="${to}"><x xmlns="http://jabber.org/protocol/muc"/></presence>`;
  const [, url] = await dialogue.say(presence, /session-initiate[\s\S]*<web-socket[^>]* url="([^"]+)"/);
  return url!.replaceAll('&amp;', '&');
}

/** A seat at the hub: the way a client of Jitsi enters, spoken raw. */
async function openHubSeat(place: SeatPlace): Promise<Seat> {
  const dialogue = await openXmpp(place);
  const channel = await ThinSocket.open(await channelAddress(dialogue, place.room));
  await new Promise<void>((resolve) => {
    channel.onText = (bytes, start, end) => {
      if (bytes.toString('latin1', start, end).includes('ServerHello')) resolve();
    };
  });
  return {
    set onText(listener: TextListener) {
      channel.onText = listener;
    },
    broadcast: (text) => channel.send(Buffer.from(endpointMessage(text))),
    close: () => {
      channel.close();
      dialogue.socket.close(1000);
    },
  };
}

/** Packets of Engine.IO 4 and Socket.IO 5 (their protocol documents): open, namespace connected, ping, event. */
const CONNECT = Buffer.from('40');
const PING = '2'.charCodeAt(0);
const PONG = Buffer.from('3');

/** A seat at the socket.io server, spoken raw so that all servers face the same client. */
async function openSocketIoSeat({ port, room }: SeatPlace): Promise<Seat> {
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

import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { WebSocket } from 'ws';
import { BENCH_DOMAIN, type ServerKind, tokenOf } from './servers';

const TEXT = 0x1;
const CLOSE = 0x8;
const PING = 0x9;

/** Receives a server's WebSocket frames. Ranges are valid during the call only. */
export interface FrameListener {
  onText(bytes: Buffer, start: number, end: number): void;
  onPing(bytes: Buffer, start: number, end: number): void;
  onClose(): void;
}

/** Size of a frame's header and body. */
interface FrameSize {
  readonly headerBytes: number;
  readonly bodyBytes: number;
}

/**
 * Reads a server's WebSocket frames (RFC 6455 5.2: unmasked, here never fragmented) without allocating per frame, so that
 * one core of load keeps several conferences busy.
 */
export class FrameReader {
  private rest: Buffer = Buffer.alloc(0);

  constructor(private readonly listener: FrameListener) {}

  /** Takes the next bytes of the connection. */
  push(chunk: Buffer): void {
    const bytes = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    let at = 0;
    for (let size = sizeAt(bytes, at); size; size = sizeAt(bytes, at)) {
      const start = at + size.headerBytes;
      const end = start + size.bodyBytes;
      if (end > bytes.length) break;
      this.tell(bytes[at]! & 0x0f, bytes, start, end);
      at = end;
    }
    this.rest = bytes.subarray(at);
  }

  private tell(opcode: number, bytes: Buffer, start: number, end: number): void {
    if (opcode === TEXT) this.listener.onText(bytes, start, end);
    else if (opcode === PING) this.listener.onPing(bytes, start, end);
    else if (opcode === CLOSE) this.listener.onClose();
  }
}

const size = { headerBytes: 0, bodyBytes: 0 };

/** The frame at `at`, in an object that the next call overwrites; null until its header is complete. */
function sizeAt(bytes: Buffer, at: number): FrameSize | null {
  const left = bytes.length - at;
  if (left < 2) return null;
  const short = bytes[at + 1]! & 0x7f;
  size.headerBytes = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (left < size.headerBytes) return null;
  size.bodyBytes = short < 126 ? short : short === 126 ? bytes.readUInt16BE(at + 2) : bytes.readUIntBE(at + 4, 6);
  return size;
}

const TEXT_FRAME = 0x81;
const PONG_FRAME = 0x8a;
const HEAD_END = Buffer.from('\r\n\r\n');

/** Receives text messages; the range is valid during the call only. */
type TextListener = (bytes: Buffer, start: number, end: number) => void;

/** A WebSocket client that does next to nothing per message, so that the load does not measure itself. */
class ThinSocket {
  onText: TextListener = () => {};
  private readonly mask = randomBytes(4);
  private readonly reader = new FrameReader({
    onText: (bytes, start, end) => this.onText(bytes, start, end),
    onPing: (bytes, start, end) => this.write(PONG_FRAME, bytes.subarray(start, end)),
    onClose: () => this.socket.destroy(),
  });

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
  }

  /** Opens a WebSocket at a `ws:` address. Rejects if the upgrade is refused. */
  static async open(address: string): Promise<ThinSocket> {
    const url = new URL(address);
    const thin = new ThinSocket(connect(Number(url.port), url.hostname));
    thin.socket.write(upgradeRequest(url));
    await thin.upgraded();
    return thin;
  }

  /** Sends one text message, given as UTF-8. */
  send(text: Buffer): void {
    this.write(TEXT_FRAME, text);
  }

  close(): void {
    this.socket.destroy();
  }

  private upgraded(): Promise<void> {
    return new Promise((resolve, reject) => {
      let head = Buffer.alloc(0);
      const onData = (chunk: Buffer) => {
        head = Buffer.concat([head, chunk]);
        const end = head.indexOf(HEAD_END);
        if (end < 0) return;
        this.socket.off('data', onData);
        if (!head.toString('latin1', 0, end).startsWith('HTTP/1.1 101')) {
          this.socket.destroy();
          reject(new Error(head.toString('latin1', 0, head.indexOf('\r\n'))));
          return;
        }
        this.socket.on('data', (data: Buffer) => this.reader.push(data));
        resolve();
        // What came with the head waits until the caller has set its listener.
        const early = head.subarray(end + HEAD_END.length);
        if (early.length > 0) setImmediate(() => this.reader.push(early));
      };
      this.socket.on('data', onData);
      this.socket.once('close', () => reject(new Error('closed before the upgrade')));
    });
  }

  private write(kind: number, body: Buffer): void {
    if (this.socket.destroyed) return;
    const headerBytes = body.length < 126 ? 6 : 8;
    const frame = Buffer.allocUnsafe(headerBytes + body.length);
    frame[0] = kind;
    if (headerBytes === 6) frame[1] = 0x80 | body.length;
    else {
      frame[1] = 0x80 | 126;
      frame.writeUInt16BE(body.length, 2);
    }
    this.mask.copy(frame, headerBytes - 4);
    for (let at = 0; at < body.length; at += 1) frame[headerBytes + at] = body[at]! ^ this.mask[at & 3]!;
    this.socket.write(frame);
  }
}

function upgradeRequest(url: URL): string {
  return [
    `GET ${url.pathname}${url.search} HTTP/1.1`,
    `Host: ${url.host}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
    '\r\n',
  ].join('\r\n');
}

/** One connection to a server under test, in a conference. */
export interface Seat {
  onText: TextListener;
  /** Sends `text`, which needs no escaping in JSON, to all others in the conference. */
  broadcast(text: string): void;
  close(): void;
}

/** Where a seat is opened. */
export interface SeatPlace {
  readonly port: number;
  readonly conference: string;
  readonly personId: string;
}

const OPEN: Readonly<Record<ServerKind, (place: SeatPlace) => Promise<Seat>>> = {
  hub: openHubSeat,
  ws: openWsSeat,
  'socket.io': openSocketIoSeat,
};

/** Enters a conference of a server; resolves when messages can be sent. */
export function openSeat(kind: ServerKind, place: SeatPlace): Promise<Seat> {
  return OPEN[kind](place);
}

/** A seat at the bare `ws` server, with the messages of the hub's clients. */
async function openWsSeat({ port, conference }: SeatPlace): Promise<Seat> {
  const socket = await ThinSocket.open(`ws://127.0.0.1:${port}/${conference}`);
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

/** An endpoint message to all others, as clients of a bridge write it. */
function endpointMessage(text: string): string {
  return `{"colibriClass":"EndpointMessage","to":"","msgPayload":{"parley":"${text}"}}`;
}

const OPEN_STREAM = `<open xmlns="urn:ietf:params:xml:ns:xmpp-framing" to="${BENCH_DOMAIN}" version="1.0"/>`;
const AUTH = '<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="ANONYMOUS"/>';
const BIND = '<iq xmlns="jabber:client" type="set" id="bind"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"/></iq>';

/** An XMPP socket that waits for one kind of frame at a time and drops the others. */
class XmppDialogue {
  private wanted: { readonly pattern: RegExp; take(match: RegExpExecArray): void } | null = null;

  constructor(readonly socket: WebSocket) {
    socket.on('error', () => {});
    socket.on('message', (data: Buffer) => {
      const match = this.wanted?.pattern.exec(data.toString());
      if (match) this.wanted?.take(match);
    });
  }

  /** Sends `frame` and resolves with the first match of `pattern` in the frames that follow. */
  say(frame: string, pattern: RegExp): Promise<RegExpExecArray> {
    return new Promise((resolve, reject) => {
      this.wanted = { pattern, take: resolve };
      this.socket.once('close', () => reject(new Error(`the hub closed the connection before ${pattern}`)));
      this.socket.send(frame);
    });
  }
}

async function openXmpp({ port, conference, personId }: SeatPlace): Promise<XmppDialogue> {
  const token = tokenOf(conference, personId);
  const socket = new WebSocket(`ws://127.0.0.1:${port}/xmpp-websocket?room=${conference}&token=${token}`, ['xmpp']);
  const dialogue = new XmppDialogue(socket);
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return dialogue;
}

/** The address of the bridge channel that the focus offers to an entering client. */
async function channelAddress(dialogue: XmppDialogue, conference: string): Promise<string> {
  await dialogue.say(OPEN_STREAM, /<mechanisms/);
  await dialogue.say(AUTH, /<success/);
  await dialogue.say(OPEN_STREAM, /<bind/);
  const jid = (await dialogue.say(BIND, /<jid>([^<]+)/))[1]!;
  const to = `${conference}@conference.${BENCH_DOMAIN}/${jid.slice(0, 8)}`;
  const presence = `<presence xmlns="jabber:client" to="${to}"><x xmlns="http://jabber.org/protocol/muc"/></presence>`;
  const [, url] = await dialogue.say(presence, /session-initiate[\s\S]*<web-socket[^>]* url="([^"]+)"/);
  return url!.replaceAll('&amp;', '&');
}

/** A seat at the hub, which enters as a Jitsi client does, over raw sockets. */
async function openHubSeat(place: SeatPlace): Promise<Seat> {
  const dialogue = await openXmpp(place);
  const channel = await ThinSocket.open(await channelAddress(dialogue, place.conference));
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
const ENGINE_PING = '2'.charCodeAt(0);
const ENGINE_PONG = Buffer.from('3');

/** A seat at the socket.io server, over a raw socket so that all servers face the same client. */
async function openSocketIoSeat({ port, conference }: SeatPlace): Promise<Seat> {
  const socket = await ThinSocket.open(
    `ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket&room=${conference}`,
  );
  let listener: TextListener = () => {};
  const connected = new Promise<void>((resolve) => {
    socket.onText = (bytes, start, end) => {
      if (bytes[start] === ENGINE_PING && end - start === 1) socket.send(ENGINE_PONG);
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

import { type ClientOptions, WebSocket } from 'ws';
import { NS } from '@/server/hub/xmpp/namespaces';
import { type Element, parseStanza, xml } from '@/server/hub/xmpp/stanza';

export const DOMAIN = 'parley.local';
export const FRAMING_OPEN = `<open xmlns="${NS.framing}" to="${DOMAIN}" version="1.0"/>`;
export const AUTH = `<auth xmlns="${NS.sasl}" mechanism="ANONYMOUS"/>`;

/** How a socket ended. */
export interface Closing {
  readonly code: number;
  readonly reason: string;
}

/** A WebSocket whose frames are awaited in order. */
export class RawSocket {
  readonly closed: Promise<Closing>;
  /** Frames that have not been taken yet. */
  readonly frames: string[] = [];
  private waiting: (() => void)[] = [];
  private isOver = false;

  private constructor(readonly ws: WebSocket) {
    ws.on('error', () => {});
    ws.on('message', (data: Buffer) => {
      this.frames.push(data.toString());
      this.wake();
    });
    this.closed = new Promise((resolve) => {
      ws.once('close', (code, reason) => {
        this.isOver = true;
        this.wake();
        resolve({ code, reason: reason.toString() });
      });
    });
  }

  /** Opens a socket. Rejects if the upgrade is refused. */
  static open(url: string, protocols: string[] = [], options: ClientOptions = {}): Promise<RawSocket> {
    return new Promise((resolve, reject) => {
      const socket = new RawSocket(new WebSocket(url, protocols, options));
      socket.ws.once('open', () => resolve(socket));
      socket.ws.once('unexpected-response', (_request, response) => reject(new Error(`HTTP ${response.statusCode}`)));
      socket.ws.once('error', reject);
    });
  }

  send(data: string | Buffer): void {
    this.ws.send(data);
  }

  /** The next frame that satisfies `isWanted`; earlier ones are dropped. Rejects if the socket closes first. */
  async next(isWanted: (frame: string) => boolean = () => true): Promise<string> {
    for (;;) {
      const index = this.frames.findIndex(isWanted);
      if (index >= 0) return this.frames.splice(0, index + 1).at(-1) ?? '';
      if (this.isOver) throw new Error(`closed while waiting; had ${this.frames.join(' ')}`);
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  /** The next frame that satisfies `isWanted`; earlier ones stay. Rejects if the socket closes first. */
  async pick(isWanted: (frame: string) => boolean): Promise<string> {
    const before = this.frames.findIndex(isWanted);
    if (before >= 0) return this.frames.splice(before, 1)[0] ?? '';
    if (this.isOver) throw new Error(`closed while waiting; had ${this.frames.join(' ')}`);
    await new Promise<void>((resolve) => this.waiting.push(resolve));
    return this.pick(isWanted);
  }

  /** The first frame that satisfies `isWanted`; all stay. Rejects if the socket closes first. */
  async seen(isWanted: (frame: string) => boolean): Promise<string> {
    const frame = this.frames.find(isWanted);
    if (frame !== undefined) return frame;
    if (this.isOver) throw new Error(`closed while waiting; had ${this.frames.join(' ')}`);
    await new Promise<void>((resolve) => this.waiting.push(resolve));
    return this.seen(isWanted);
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}

/** Reads a frame of the hub. Stream features have a prefix and are returned as they are. */
export function read(frame: string): Element {
  const element = parseStanza(frame);
  if (!element) throw new Error(`no stanza: ${frame}`);
  return element;
}

interface RawClientOptions {
  readonly room?: string;
  readonly previd?: string;
}

/** A hand-written XMPP client that does as much as lib-jitsi-meet. */
export class RawClient {
  jid = '';
  private lastId = 0;

  private constructor(
    readonly socket: RawSocket,
    readonly port: number,
    readonly room: string,
  ) {}

  get endpointId(): string {
    return this.jid.slice(0, 8);
  }

  get roomJid(): string {
    return `${this.room}@conference.${DOMAIN}`;
  }

  /** Opens only the socket. */
  static async open(
    port: number,
    token: string | null,
    { room = 'tavern', previd }: RawClientOptions = {},
  ): Promise<RawClient> {
    const resumed = previd === undefined ? '' : `&previd=${previd}`;
    const query = token === null ? '' : `?room=${room}&token=${token}${resumed}`;
    const socket = await RawSocket.open(`ws://127.0.0.1:${port}/xmpp-websocket${query}`, ['xmpp']);
    return new RawClient(socket, port, room);
  }

  /** Opens, authenticates and opens again. The answer to `<auth/>` tells whether it was let in. */
  static async authenticate(
    port: number,
    token: string | null,
    options: RawClientOptions = {},
  ): Promise<{ client: RawClient; answer: string; features: string }> {
    const client = await RawClient.open(port, token, options);
    client.socket.send(FRAMING_OPEN);
    await client.socket.next((frame) => frame.includes('<mechanisms'));
    client.socket.send(AUTH);
    const answer = await client.socket.next();
    if (!answer.startsWith('<success')) return { client, answer, features: '' };
    client.socket.send(FRAMING_OPEN);
    const features = await client.socket.next((frame) => frame.includes('<stream:features'));
    return { client, answer, features };
  }

  /** Authenticates and binds. */
  static async connect(port: number, token: string, options: RawClientOptions = {}): Promise<RawClient> {
    const { client, answer } = await RawClient.authenticate(port, token, options);
    if (!answer.startsWith('<success')) throw new Error(answer);
    const result = await client.ask('set', undefined, xml('bind', { xmlns: NS.bind }));
    client.jid = result.getChild('bind')?.getChildText('jid') ?? '';
    return client;
  }

  /** Connects and enters the room. Resolves once its own presence has arrived. */
  static async join(port: number, token: string, options: RawClientOptions = {}): Promise<RawClient> {
    const client = await RawClient.connect(port, token, options);
    client.enter();
    await client.ownPresence();
    return client;
  }

  send(stanza: Element | string): void {
    this.socket.send(stanza.toString());
  }

  /** Sends an IQ and returns its answer. Earlier frames stay to be read. */
  async ask(type: 'get' | 'set', to: string | undefined, child: Element): Promise<Element> {
    this.lastId += 1;
    const id = `raw-${this.lastId}`;
    this.send(xml('iq', { xmlns: NS.client, type, id, to }, child));
    return read(await this.socket.pick((frame) => frame.startsWith('<iq') && frame.includes(`id="${id}"`)));
  }

  /** Asks to enter the room under its own nick, with extra children in the presence. */
  enter(...children: Element[]): void {
    this.send(
      xml(
        'presence',
        { xmlns: NS.client, to: `${this.roomJid}/${this.endpointId}` },
        xml('x', { xmlns: NS.muc }),
        ...children,
      ),
    );
  }

  /** Leaves the room, without waiting for an answer. */
  leave(): void {
    this.send(xml('presence', { xmlns: NS.client, type: 'unavailable', to: `${this.roomJid}/${this.endpointId}` }));
  }

  ownPresence(): Promise<string> {
    return this.socket.next((frame) => frame.startsWith('<presence') && frame.includes('code="110"'));
  }

  /** The next presence of another occupant. */
  presenceOf(endpointId: string): Promise<string> {
    return this.socket.next(
      (frame) => frame.startsWith('<presence') && frame.includes(`from="${this.roomJid}/${endpointId}"`),
    );
  }

  /** Enables stream management. Returns the id to resume with. */
  async enableResume(): Promise<string> {
    this.send(`<enable xmlns="${NS.streamManagement}" resume="true"/>`);
    return read(await this.socket.next((frame) => frame.startsWith('<enabled'))).attrs['id'] ?? '';
  }

  /** The address of the bridge channel in the next invitation. */
  async invitation(): Promise<string> {
    const frame = await this.socket.next((text) => text.includes('session-initiate'));
    const transport = read(frame).getChild('jingle')?.getChild('content')?.getChild('transport');
    return transport?.getChild('web-socket')?.attrs['url'] ?? '';
  }

  /** Takes the next invitation and opens its channel. */
  async openChannel(): Promise<RawSocket> {
    const channel = await RawSocket.open(await this.invitation());
    await channel.next((frame) => frame.includes('ServerHello'));
    return channel;
  }
}

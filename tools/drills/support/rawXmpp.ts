import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { JoinGrant } from '@/lib/core/meeting';

const FRAMING = 'urn:ietf:params:xml:ns:xmpp-framing';
const ANSWER_MAX_MS = 10_000;

/** A hostile XMPP client: it enters a room as any client does and then sends what it likes. */
export class RawXmpp {
  /** Whether the hub has ended it. */
  isCut = false;

  private constructor(
    private readonly socket: WebSocket,
    readonly roomJid: string,
  ) {
    socket.on('error', () => {});
    socket.on('close', () => {
      this.isCut = true;
    });
  }

  /** Enters the room of `grant`, with stream management, whose acknowledgements it never sends. */
  static async enter({ jitsi, joinToken }: JoinGrant): Promise<RawXmpp> {
    const { xmppWebSocketUrl, xmppDomain, mucDomain, room } = jitsi;
    const socket = new WebSocket(`${xmppWebSocketUrl}?token=${joinToken}`, ['xmpp']);
    const client = new RawXmpp(socket, `${room.toLowerCase()}@${mucDomain}`);
    await once(socket, 'open');
    const open = `<open xmlns="${FRAMING}" to="${xmppDomain}" version="1.0"/>`;
    await client.ask(open, '<mechanisms');
    await client.ask('<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="ANONYMOUS"/>', '<success');
    await client.ask(open, '<bind');
    const bind = '<iq xmlns="jabber:client" type="set" id="b"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"/></iq>';
    const jid = /<jid>([^<]+)/.exec(await client.ask(bind, '<jid>'))?.[1] ?? '';
    const presence = `<presence xmlns="jabber:client" to="${client.roomJid}/${jid.slice(0, 8)}">`;
    await client.ask(`${presence}<x xmlns="http://jabber.org/protocol/muc"/></presence>`, 'code="110"');
    await client.ask('<enable xmlns="urn:xmpp:sm:3" resume="true"/>', '<enabled');
    return client;
  }

  /** Sends a groupchat message with `inner` in its body, unless much is queued already. */
  say(inner: string): void {
    if (this.socket.bufferedAmount > 1_000_000 || this.socket.readyState !== WebSocket.OPEN) return;
    this.socket.send(
      `<message xmlns="jabber:client" to="${this.roomJid}" type="groupchat"><body>${inner}</body></message>`,
    );
  }

  close(): void {
    this.socket.terminate();
  }

  private ask(frame: string, wanted: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no ${wanted} from the hub`)), ANSWER_MAX_MS);
      const look = (data: Buffer) => {
        const text = data.toString();
        if (!text.includes(wanted)) return;
        clearTimeout(timer);
        this.socket.off('message', look);
        resolve(text);
      };
      this.socket.on('message', look);
      this.socket.send(frame);
    });
  }
}

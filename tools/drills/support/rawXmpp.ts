import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { JoinGrant } from '@/lib/core/meeting';

const FRAMING = 'urn:ietf:params:xml:ns:xmpp-framing';
const ANSWER_MAX_MS = 30_000;

/** A hostile XMPP client: it enters a room as any client does and then sends what it likes. */
export class RawXmpp {
  /** Whether the server has ended it. */
  isCut = false;
  /** Bytes sent so far. */
  sentBytes = 0;

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
    const { xmppWebSocketUrl, xmppDomain, mucDomain, focusDomain, room } = jitsi;
    const socket = new WebSocket(`${xmppWebSocketUrl}?room=${room.toLowerCase()}&token=${joinToken}`, ['xmpp']);
    const client = new RawXmpp(socket, `${room.toLowerCase()}@${mucDomain}`);
    await once(socket, 'open');
    const open = `<open xmlns="${FRAMING}" to="${xmppDomain}" version="1.0"/>`;
    await client.ask(open, '<mechanisms');
    await client.ask('<auth xmlns="urn:ietf:params:xml:ns:xmpp-sasl" mechanism="ANONYMOUS"/>', '<success');
    await client.ask(open, '<bind');
    const bind = '<iq xmlns="jabber:client" type="set" id="b"><bind xmlns="urn:ietf:params:xml:ns:xmpp-bind"/></iq>';
    const jid = /<jid>([^<]+)/.exec(await client.ask(bind, '<jid>'))?.[1] ?? '';
    // In a deployment it is the focus that opens the room.
    const conference = `<conference xmlns="http://jitsi.org/protocol/focus" room="${client.roomJid}" machine-uid="${jid.slice(0, 8)}"/>`;
    await client.ask(
      `<iq xmlns="jabber:client" type="set" id="c" to="${focusDomain}">${conference}</iq>`,
      '<conference',
    );
    const presence = `<presence xmlns="jabber:client" to="${client.roomJid}/${jid.slice(0, 8)}">`;
    await client.ask(`${presence}<x xmlns="http://jabber.org/protocol/muc"/></presence>`, /code=["']110["']/);
    await client.ask('<enable xmlns="urn:xmpp:sm:3" resume="true"/>', '<enabled');
    return client;
  }

  /** Sends a groupchat message with `inner` in its body, unless much is queued already. */
  say(inner: string): void {
    if (this.socket.bufferedAmount > 1_000_000 || this.socket.readyState !== WebSocket.OPEN) return;
    const message = `<message xmlns="jabber:client" to="${this.roomJid}" type="groupchat"><body>${inner}</body></message>`;
    this.sentBytes += message.length;
    this.socket.send(message);
  }

  close(): void {
    this.socket.terminate();
  }

  private ask(frame: string, wanted: string | RegExp): Promise<string> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no ${wanted} from the server`)), ANSWER_MAX_MS);
      const look = (data: Buffer) => {
        const text = data.toString();
        if (!new RegExp(wanted).test(text)) return;
        clearTimeout(timer);
        this.socket.off('message', look);
        resolve(text);
      };
      this.socket.on('message', look);
      this.socket.send(frame);
    });
  }
}

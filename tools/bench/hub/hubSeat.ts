import { WebSocket } from 'ws';
import type { Seat, SeatPlace } from './seat';
import { BENCH_DOMAIN, tokenOf } from './servers';
import { type TextListener, ThinSocket } from './thinSocket';
import { endpointMessage } from './wsSeat';

const OPEN = `<open xmlns="urn:ietf:params:xml:ns:xmpp-framing" to="${BENCH_DOMAIN}" version="1.0"/>`;
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
  await dialogue.say(OPEN, /<mechanisms/);
  await dialogue.say(AUTH, /<success/);
  await dialogue.say(OPEN, /<bind/);
  const jid = (await dialogue.say(BIND, /<jid>([^<]+)/))[1]!;
  const to = `${room}@conference.${BENCH_DOMAIN}/${jid.slice(0, 8)}`;
  const presence = `<presence xmlns="jabber:client" to="${to}"><x xmlns="http://jabber.org/protocol/muc"/></presence>`;
  const [, url] = await dialogue.say(presence, /session-initiate[\s\S]*<web-socket[^>]* url="([^"]+)"/);
  return url!.replaceAll('&amp;', '&');
}

/** A seat at the hub: the way a client of Jitsi enters, spoken raw. */
export async function openHubSeat(place: SeatPlace): Promise<Seat> {
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

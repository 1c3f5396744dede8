import type { Focus } from '@/server/hub/focus/focus';
import type { FocusMember, MucRoomRef } from '@/server/hub/focus/focusMember';
import type { BridgeState } from '@/server/hub/xmpp/mucRoom';
import { NS } from '@/server/hub/xmpp/namespaces';
import { nodeOf } from '@/server/hub/xmpp/relayRules';
import { type Element, iqError, isRequest, xml } from '@/server/hub/xmpp/stanza';

/** How long a room that was promised waits for its first occupant, as in Jicofo. */
const UNUSED_ROOM_MS = 15_000;

const FOCUS_NICK = 'focus';

/** A room that the focus is in. */
interface JoinedRoom {
  readonly ref: MucRoomRef;
  readonly members: Map<string, FocusMember>;
  /** Resolves once the focus is in, or rejects. */
  readonly entered: Promise<void>;
  settle(refusal: Error | null): void;
  promisedUntilMs: number;
}

interface ComponentFocusOptions {
  readonly focus: Focus;
  /** The focus's bare address, on the component's domain. */
  readonly focusJid: string;
  /** `ws://host` under which clients reach the bridge. */
  readonly webSocketOrigin: string;
  send(stanza: Element): void;
}

/** The hub's focus as an occupant of rooms on another XMPP server, and as the component that opens them, as Jicofo is. */
export class ComponentFocus {
  private readonly rooms = new Map<string, JoinedRoom>();
  private entries = 0;

  constructor(private readonly options: ComponentFocusOptions) {}

  private get ownJid(): string {
    return `${this.options.focusJid}/${FOCUS_NICK}`;
  }

  /** Handles a stanza to the component or to its occupant. */
  onStanza(stanza: Element): void {
    const from = stanza.attrs['from'] ?? '';
    const [bare = '', ...rest] = from.split('/');
    const room = this.rooms.get(bare);
    if (room) this.onRoomStanza(room, rest.join('/'), stanza);
    else if (isRequest(stanza)) this.onClientRequest(stanza, from);
  }

  /** The server has forgotten every room. */
  onLost(): void {
    for (const room of [...this.rooms.values()]) this.forget(room);
  }

  /** Leaves rooms that are empty, and no longer waited for. */
  sweep(): void {
    const nowMs = performance.now();
    for (const room of [...this.rooms.values()]) {
      if (room.members.size > 0 || nowMs < room.promisedUntilMs) continue;
      this.options.send(xml('presence', { type: 'unavailable', from: this.ownJid, to: `${room.ref.jid}/focus` }));
      this.forget(room);
    }
  }

  private onClientRequest(request: Element, jid: string): void {
    const roomJid = request.getChild('conference', NS.focus)?.attrs['room'];
    const member = this.createMember(jid, '', '', (stanza) => stanza);
    if (roomJid === undefined) {
      this.options.focus.onIq(member, request);
      return;
    }
    this.join(roomJid).then(
      () => this.options.focus.onIq(member, request),
      () => this.options.send(iqError(request, 'service-unavailable')),
    );
  }

  /** Enters a room, which that opens. */
  private async join(roomJid: string): Promise<void> {
    const room = this.rooms.get(roomJid) ?? this.enter(roomJid);
    room.promisedUntilMs = performance.now() + UNUSED_ROOM_MS;
    await room.entered;
  }

  private enter(roomJid: string): JoinedRoom {
    let settle: JoinedRoom['settle'] = () => {};
    const entered = new Promise<void>((resolve, reject) => {
      settle = (refusal) => (refusal ? reject(refusal) : resolve());
    });
    this.entries += 1;
    const ref: MucRoomRef = {
      jid: roomJid,
      id: `conference-${this.entries}`,
      noteBridges: (state) => this.show(roomJid, state),
      grantOwner: (endpointId) => this.grantOwner(roomJid, endpointId),
    };
    const room: JoinedRoom = { ref, members: new Map(), entered, settle, promisedUntilMs: 0 };
    this.rooms.set(roomJid, room);
    this.show(roomJid, { count: 0, isAway: false }, xml('x', { xmlns: NS.muc }));
    return room;
  }

  /** Shows the focus in a room, with what it knows of bridges. */
  private show(roomJid: string, { count, isAway }: BridgeState, ...more: Element[]): void {
    const property = (key: string, value: string) => xml('property', { key, value });
    const properties = [property('support-terminate-restart', 'true')];
    if (count > 0) properties.push(property('bridge-count', String(count)));
    this.options.send(
      xml(
        'presence',
        { from: this.ownJid, to: `${roomJid}/${FOCUS_NICK}` },
        ...more,
        xml('etherpad', { xmlns: 'http://jitsi.org/jitmeet/etherpad' }, roomJid.split('@')[0] ?? ''),
        xml('conference-properties', { xmlns: NS.focus }, ...properties),
        isAway ? xml('bridgeNotAvailable', { xmlns: NS.focus }) : null,
      ),
    );
  }

  private grantOwner(roomJid: string, endpointId: string): void {
    const jid = this.rooms.get(roomJid)?.members.get(endpointId)?.jid.split('/')[0];
    const query = xml('query', { xmlns: NS.mucAdmin }, xml('item', { affiliation: 'owner', jid }));
    this.options.send(xml('iq', { type: 'set', id: `owner-${endpointId}`, from: this.ownJid, to: roomJid }, query));
  }

  private forget(room: JoinedRoom): void {
    this.rooms.delete(room.ref.jid);
    room.settle(new Error('The room is gone.'));
    room.entered.catch(() => {});
    for (const endpointId of room.members.keys()) this.options.focus.left(room.ref, endpointId);
  }

  private onRoomStanza(room: JoinedRoom, nick: string, stanza: Element): void {
    if (stanza.name === 'presence') {
      this.onPresence(room, nick, stanza);
      return;
    }
    const member = room.members.get(nick);
    if (stanza.name !== 'iq') return;
    if (member) this.options.focus.onIq(member, stanza);
    else if (isRequest(stanza)) this.options.send(iqError(stanza, 'service-unavailable'));
  }

  private onPresence(room: JoinedRoom, nick: string, presence: Element): void {
    const { type } = presence.attrs;
    if (nick === FOCUS_NICK) {
      if (type === undefined) room.settle(null);
      else this.forget(room);
      return;
    }
    if (type === 'unavailable') {
      if (room.members.delete(nick)) this.options.focus.left(room.ref, nick);
      return;
    }
    if (type !== undefined || room.members.has(nick)) return;
    const jid = presence.getChild('x', NS.mucUser)?.getChild('item')?.attrs['jid'] ?? '';
    const member = this.createMember(jid, nick, room.ref.jid, (stanza) => this.throughRoom(room, nick, stanza));
    room.members.set(nick, member);
    this.options.focus.entered(room.ref, member, nodeOf(presence.getChildElements()));
  }

  /** The focus writes as an occupant, from its address in the room: the room itself does that to what passes through it. */
  private throughRoom({ ref }: JoinedRoom, nick: string, stanza: Element): Element {
    if (stanza.attrs['from'] === `${ref.jid}/${FOCUS_NICK}`) {
      Object.assign(stanza.attrs, { from: this.ownJid, to: `${ref.jid}/${nick}` });
    }
    return stanza;
  }

  private createMember(
    jid: string,
    endpointId: string,
    roomJid: string,
    addressed: (stanza: Element) => Element,
  ): FocusMember {
    const { send, webSocketOrigin } = this.options;
    const room = roomJid.split('@')[0] ?? '';
    return {
      jid,
      endpointId,
      webSocketOrigin,
      // Nobody has checked a token: everybody may do what a participant may.
      admitted: { room, personId: '', stayId: '', name: '', role: 'participant', tokenId: '' },
      send: (stanza) => send(addressed(stanza)),
      mayRelay: () => true,
    };
  }
}

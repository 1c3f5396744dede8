import { randomBytes } from 'node:crypto';
import { NS } from './namespaces';
import { OpenQuestions } from './openQuestions';
import type { Session } from './session';
import { copyOf, type Element, forMany, xml } from './stanza';

/** An occupant of a MUC room. */
export interface Occupant {
  /** The nick in the room: the session's endpoint id. */
  readonly nick: string;
  readonly session: Session;
  /** The client's own part of its presence, without what the hub stamps. */
  payload: Element[];
}

/** One multi-user chat room (XEP-0045) without moderators. */
export class MucRoom {
  /** Id of the conference, on the bridge and in disco#info. */
  readonly id = randomBytes(8).toString('hex');
  /** What its occupants have asked each other. */
  readonly questions = new OpenQuestions();
  private readonly byNick = new Map<string, Occupant>();

  constructor(
    /** Local part of the address: the meeting's id. */
    readonly name: string,
    /** Bare address. */
    readonly jid: string,
    private readonly focusJid: string,
  ) {}

  get occupants(): readonly Occupant[] {
    return [...this.byNick.values()];
  }

  get size(): number {
    return this.byNick.size;
  }

  occupant(nick: string): Occupant | undefined {
    return this.byNick.get(nick);
  }

  /** The occupants that belong to one person. */
  sessionsOf(personId: string): Occupant[] {
    return this.occupants.filter(({ session }) => session.admitted.personId === personId);
  }

  /** Lets a session in: it sees the focus, the others and itself, in this order, and the others see it. */
  enter(session: Session, payload: Element[]): Occupant {
    const occupant: Occupant = { nick: session.endpointId, session, payload };
    session.send(focusPresence(this, this.focusJid, session.jid));
    for (const other of this.byNick.values()) session.send(occupantPresence(this, other, session.jid, false));
    this.byNick.set(occupant.nick, occupant);
    this.show(occupant);
    session.send(xml('message', { type: 'groupchat', from: this.jid, to: session.jid }, xml('subject', {}, '')));
    return occupant;
  }

  /** Shows an occupant's new presence to every occupant. */
  update(occupant: Occupant, payload: Element[]): void {
    occupant.payload = payload;
    this.show(occupant);
  }

  /** Removes an occupant and tells every occupant, including that one. Unless `loud`, the others see it leave normally. */
  leave(occupant: Occupant, departure: Departure, loud = true): void {
    if (this.byNick.get(occupant.nick) !== occupant) return;
    for (const { session } of this.byNick.values()) {
      const isSelf = session === occupant.session;
      const seen: Departure = isSelf || loud ? departure : { kind: 'left' };
      session.send(departurePresence(this, occupant, session.jid, isSelf, seen));
    }
    this.byNick.delete(occupant.nick);
  }

  /** Removes an occupant and tells it that the room has been destroyed. */
  destroyFor(occupant: Occupant, reason: string): void {
    const { session } = occupant;
    session.send(departurePresence(this, occupant, session.jid, true, { kind: 'destroyed', reason }));
    this.byNick.delete(occupant.nick);
  }

  /** Shows an occupant its own presence, without a word to the others. */
  reflect(occupant: Occupant): void {
    occupant.session.send(occupantPresence(this, occupant, occupant.session.jid, true));
  }

  /** Sends a stanza of an occupant to every occupant, including the sender, from its address in the room. */
  broadcast(sender: Occupant, stanza: Element): void {
    stanza.attrs['from'] = this.addressOf(sender);
    const textFor = forMany(stanza);
    for (const { session } of this.byNick.values()) session.sendText(textFor(session.jid));
  }

  /** Sends a stanza of one occupant to another, from the sender's address in the room. */
  relay(sender: Occupant, receiver: Occupant, stanza: Element): void {
    Object.assign(stanza.attrs, { from: this.addressOf(sender), to: receiver.session.jid });
    receiver.session.send(stanza);
  }

  private addressOf({ nick }: Occupant): string {
    return `${this.jid}/${nick}`;
  }

  private show(occupant: Occupant): void {
    const textFor = forMany(occupantPresence(this, occupant, '', false));
    for (const { session } of this.byNick.values()) {
      if (session === occupant.session) this.reflect(occupant);
      else session.sendText(textFor(session.jid));
    }
  }
}

/** Status codes of XEP-0045 that the hub uses. */
const MUC_STATUS = { selfPresence: '110', kicked: '307' } as const;

/**
 * The elements that the hub vouches for, in the form of Prosody's mod_presence_identity; `group` is the meeting role. The nick
 * is the token's name, whatever the client calls itself.
 */
function stampedPayload({ personId, name, role }: Occupant['session']['admitted']): Element[] {
  return [
    xml('identity', {}, xml('user', {}, xml('id', {}, personId), xml('name', {}, name)), xml('group', {}, role)),
    xml('nick', { xmlns: NS.nick }, name),
  ];
}

/** An occupant's presence for another or, with `isSelf`, for itself. The MUC element must come first. */
function occupantPresence(room: MucRoom, occupant: Occupant, to: string, isSelf: boolean): Element {
  const item = xml('item', { affiliation: 'none', role: 'participant', jid: occupant.session.jid });
  const status = isSelf ? xml('status', { code: MUC_STATUS.selfPresence }) : null;
  const presence = xml(
    'presence',
    { from: `${room.jid}/${occupant.nick}`, to },
    xml('x', { xmlns: NS.mucUser }, item, status),
  );
  for (const child of occupant.payload) presence.append(copyOf(child));
  presence.append(...stampedPayload(occupant.session.admitted));
  return presence;
}

/** The presence of the focus, which every client must see before its own. */
function focusPresence(room: MucRoom, focusJid: string, to: string): Element {
  const item = xml('item', { affiliation: 'owner', role: 'moderator', jid: `${focusJid}/focus` });
  const property = xml('property', { key: 'support-terminate-restart', value: 'false' });
  return xml(
    'presence',
    { from: `${room.jid}/focus`, to },
    xml('x', { xmlns: NS.mucUser }, item),
    xml('nick', { xmlns: NS.nick }, 'focus'),
    xml('conference-properties', { xmlns: NS.focus }, property),
  );
}

/** Why an occupant goes: it leaves, is kicked, or the room is destroyed. */
export interface Departure {
  readonly kind: 'left' | 'kicked' | 'destroyed';
  readonly reason?: string;
}

/** The unavailable presence of an occupant, for another or for itself. */
function departurePresence(
  room: MucRoom,
  occupant: Occupant,
  to: string,
  isSelf: boolean,
  departure: Departure,
): Element {
  const reason = departure.reason ? xml('reason', {}, departure.reason) : null;
  const isKick = departure.kind === 'kicked';
  const x = xml(
    'x',
    { xmlns: NS.mucUser },
    xml('item', { affiliation: 'none', role: 'none', jid: occupant.session.jid }, isKick ? reason : null),
    isSelf ? xml('status', { code: MUC_STATUS.selfPresence }) : null,
    isKick ? xml('status', { code: MUC_STATUS.kicked }) : null,
    departure.kind === 'destroyed' ? xml('destroy', {}, reason) : null,
  );
  return xml('presence', { type: 'unavailable', from: `${room.jid}/${occupant.nick}`, to }, x);
}

import { randomBytes } from 'node:crypto';
import { copiesOfChildren, type Element, xml } from './element';
import { NS } from './namespaces';
import { type Departure, departurePresence, focusPresence, occupantPresence } from './presenceStanzas';
import type { Session } from './session';

/** Somebody in a room. */
export interface Occupant {
  /** Nick in the room, the same as the session's endpoint id. */
  readonly nick: string;
  readonly session: Session;
  /** What the client shows of itself: its presence without what the hub stamps. */
  payload: Element[];
}

/** One multi-user chat room (XEP-0045) in which nobody is a moderator. */
export class Room {
  /** Names the conference on the bridge and in disco#info. */
  readonly id = randomBytes(8).toString('hex');
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

  /** The occupants who are one person. */
  sessionsOf(personId: string): Occupant[] {
    return this.occupants.filter(({ session }) => session.admitted.personId === personId);
  }

  /** Lets a session in: it sees the focus, the others and itself, in that order; the others see it. */
  enter(session: Session, payload: Element[]): Occupant {
    const occupant: Occupant = { nick: session.endpointId, session, payload };
    session.send(focusPresence(this, this.focusJid, session.jid));
    for (const other of this.byNick.values()) session.send(occupantPresence(this, other, session.jid, false));
    this.byNick.set(occupant.nick, occupant);
    this.show(occupant);
    session.send(xml('message', { type: 'groupchat', from: this.jid, to: session.jid }, xml('subject', {}, '')));
    return occupant;
  }

  /** Shows an occupant's new presence to everybody. */
  update(occupant: Occupant, payload: Element[]): void {
    occupant.payload = payload;
    this.show(occupant);
  }

  /** Lets an occupant go and tells everybody, the one who goes included. Others see a plain leaving unless `loud`. */
  leave(occupant: Occupant, departure: Departure, loud = true): void {
    if (this.byNick.get(occupant.nick) !== occupant) return;
    for (const { session } of this.byNick.values()) {
      const isSelf = session === occupant.session;
      const seen: Departure = isSelf || loud ? departure : { kind: 'left' };
      session.send(departurePresence(this, occupant, session.jid, isSelf, seen));
    }
    this.byNick.delete(occupant.nick);
  }

  /** Tells an occupant that the room is no more. */
  destroyFor(occupant: Occupant, reason: string): void {
    const { session } = occupant;
    session.send(departurePresence(this, occupant, session.jid, true, { kind: 'destroyed', reason }));
    this.byNick.delete(occupant.nick);
  }

  /** Sends a groupchat message to everybody, the sender included. */
  broadcast(sender: Occupant, message: Element): void {
    for (const { session } of this.byNick.values()) session.send(this.relayed(sender, message, session.jid));
  }

  /** Sends a stanza of one occupant to another, as from its address in the room. */
  relay(sender: Occupant, receiver: Occupant, stanza: Element): void {
    receiver.session.send(this.relayed(sender, stanza, receiver.session.jid));
  }

  private show(occupant: Occupant): void {
    for (const { session } of this.byNick.values()) {
      session.send(occupantPresence(this, occupant, session.jid, session === occupant.session));
    }
  }

  private relayed(sender: Occupant, stanza: Element, to: string): Element {
    const { type, id } = stanza.attrs;
    const children = copiesOfChildren(stanza);
    return xml(stanza.name, { type, id, from: `${this.jid}/${sender.nick}`, to, xmlns: NS.client }, ...children);
  }
}

import { randomBytes } from 'node:crypto';
import type { Clock } from '@/lib/core/clock';
import type { PresenceView, RoomDialect } from '../profile/hubProfile';
import { OpenQuestions } from './openQuestions';
import { nodeOf } from './relayRules';
import type { Session } from './session';
import { type Element, forMany } from './stanza';

/** An occupant of a MUC room. */
export interface Occupant {
  /** The nick in the room: the session's endpoint id. */
  readonly nick: string;
  readonly session: Session;
  /** The client's own part of its presence, without what the hub stamps. */
  payload: Element[];
  /** Whether the focus has made it an owner of the room. */
  isOwner: boolean;
}

/** The bridges of a conference, as its focus sees them. */
export interface BridgeState {
  readonly count: number;
  /** Whether a session could not be offered because there is no bridge. */
  readonly isAway: boolean;
}

/** Most endpoints that a room remembers after they have left. */
const PAST_MAX = 64;

/** One multi-user chat room (XEP-0045). */
export class MucRoom {
  /** Id of the conference, on the bridge and in disco#info. */
  readonly id = randomBytes(8).toString('hex');
  /** What its occupants have asked each other. */
  readonly questions: OpenQuestions;
  /** The bridges, as the focus shows them. */
  bridges: BridgeState = { count: 0, isAway: false };
  private readonly byNick = new Map<string, Occupant>();
  private readonly pastNicks: string[] = [];

  constructor(
    /** Local part of the address: the meeting's id. */
    readonly name: string,
    /** Bare address. */
    readonly jid: string,
    readonly focusJid: string,
    private readonly dialect: RoomDialect,
    clock: Clock,
  ) {
    this.questions = new OpenQuestions(clock);
  }

  /** Endpoints that have left, oldest first. */
  get past(): readonly string[] {
    return this.pastNicks;
  }

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
    const { dialect } = this;
    const occupant: Occupant = { nick: session.endpointId, session, payload, isOwner: false };
    const { before, after } = dialect.greetings(this, occupant);
    session.send(dialect.focusPresence(this, session.jid));
    const ofOthers: PresenceView = { to: session.jid, isSelf: false, moment: 'change' };
    for (const other of this.byNick.values()) session.send(dialect.occupantPresence(this, other, ofOthers));
    this.byNick.set(occupant.nick, occupant);
    for (const stanza of before) session.send(stanza);
    this.show(occupant, 'entry');
    for (const stanza of after) session.send(stanza);
    return occupant;
  }

  /** Makes an occupant an owner, and shows it to every occupant. */
  grantOwner(nick: string): void {
    const occupant = this.byNick.get(nick);
    if (!occupant || occupant.isOwner) return;
    occupant.isOwner = true;
    this.show(occupant, 'grant');
  }

  /** Notes what the focus knows of bridges, and shows it where the focus does. */
  noteBridges(state: BridgeState): void {
    const before = this.bridges;
    this.bridges = state;
    if (!this.dialect.showsBridges || (before.count === state.count && before.isAway === state.isAway)) return;
    const textFor = forMany(this.dialect.focusPresence(this, ''));
    for (const { session } of this.byNick.values()) session.sendText(textFor(session.jid));
  }

  /** Shows an occupant's new presence to every occupant. */
  update(occupant: Occupant, payload: Element[]): void {
    if (nodeOf(payload) !== nodeOf(occupant.payload)) this.questions.forget(occupant.nick);
    occupant.payload = payload;
    this.show(occupant, 'change');
  }

  /** Removes an occupant and tells every occupant, including that one. Unless `loud`, the others see it leave normally. */
  leave(occupant: Occupant, departure: Departure, loud = true): void {
    if (this.byNick.get(occupant.nick) !== occupant) return;
    for (const { session } of this.byNick.values()) {
      const isSelf = session === occupant.session;
      const seen: Departure = isSelf || loud ? departure : { kind: 'left' };
      session.send(this.dialect.departurePresence(this, occupant, { to: session.jid, isSelf }, seen));
    }
    this.forget(occupant);
  }

  /** Removes an occupant and tells it that the room has been destroyed. */
  destroyFor(occupant: Occupant, reason: string): void {
    const { session } = occupant;
    const view = { to: session.jid, isSelf: true };
    session.send(this.dialect.departurePresence(this, occupant, view, { kind: 'destroyed', reason }));
    this.forget(occupant);
  }

  /** Shows an occupant its own presence, without a word to the others. */
  reflect(occupant: Occupant, moment: PresenceView['moment'] = 'change'): void {
    const view: PresenceView = { to: occupant.session.jid, isSelf: true, moment };
    occupant.session.send(this.dialect.occupantPresence(this, occupant, view));
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

  private show(occupant: Occupant, moment: PresenceView['moment']): void {
    const textFor = forMany(this.dialect.occupantPresence(this, occupant, { to: '', isSelf: false, moment }));
    for (const { session } of this.byNick.values()) {
      if (session === occupant.session) this.reflect(occupant, moment);
      else session.sendText(textFor(session.jid));
    }
  }

  private forget({ nick }: Occupant): void {
    this.byNick.delete(nick);
    this.questions.forget(nick);
    this.pastNicks.push(nick);
    if (this.pastNicks.length > PAST_MAX) this.pastNicks.shift();
  }
}

/** Why an occupant goes: it leaves, is kicked, or the room is destroyed. */
export interface Departure {
  readonly kind: 'left' | 'kicked' | 'destroyed';
  readonly reason?: string;
  /** Nick of the occupant that kicks; absent if the hub does. */
  readonly by?: string;
}

import type { Clock } from '@/lib/core/clock';
import { Emitter } from '@/lib/core/emitter';
import type { HubCounters } from '../hubStats';
import type { RoomDialect } from '../profile/hubProfile';
import { type Departure, MucRoom, type Occupant } from './mucRoom';
import { NS } from './namespaces';
import type { Asker } from './openQuestions';
import { featureAnswer, featureQuestion, messagePayload, nodeOf } from './relayRules';
import type { Session } from './session';
import { copyOf, type Element, iqError, isRequest, presenceError, type StanzaCondition, xml } from './stanza';

interface MucRoomDirectoryOptions {
  readonly mucDomain: string;
  readonly focusJid: string;
  readonly occupantsMaxPerRoom: number;
  readonly spectatorsMaxPerRoom: number;
  readonly presenceMaxBytes: number;
  readonly relayedMaxBytes: number;
  /** Ends a session that was replaced by another of the same person, or removed. */
  readonly endSession: (session: Session) => void;
  readonly counters: HubCounters;
  readonly clock: Clock;
  readonly dialect: RoomDialect;
}

/** Occupants entering and leaving. `isFirstOfPerson` and `isLastOfPerson` refer to the person's sessions in that room. */
export interface MucRoomEvents {
  entered: { readonly room: MucRoom; readonly occupant: Occupant; readonly isFirstOfPerson: boolean };
  left: { readonly room: MucRoom; readonly occupant: Occupant; readonly isLastOfPerson: boolean };
}

/** An occupant in its room. */
interface Place {
  readonly room: MucRoom;
  readonly occupant: Occupant;
}

/** How long a room that the focus has opened waits for its first occupant (jicofo.conf, `conference-start-timeout`). */
const UNUSED_ROOM_MS = 15_000;

/** What the hub adds to a presence: addresses, identity and nick. */
const PRESENCE_BYTES = 512;

/** An id that answers repeat: printable and short, or none. */
const ID = /^[\x21-\x7e]{1,128}$/;

function idOf({ attrs: { id } }: Element): string | undefined {
  return id !== undefined && ID.test(id) ? id : undefined;
}

function sizeOf(elements: readonly Element[]): number {
  return elements.reduce((sum, element) => sum + Buffer.byteLength(element.toString()), 0);
}

/** What Prosody says where the focus has not opened the room. */
const NO_ROOM = () => [
  xml('text', { xmlns: NS.stanzaErrors }, 'Room does not exist'),
  xml('room-does-not-exist', { xmlns: NS.jitsiMeet }),
];

function noFeatures(): Element {
  return xml('error', { type: 'cancel' }, xml('service-unavailable', { xmlns: NS.stanzaErrors }));
}

/** All MUC rooms, and the rules for entering and speaking in them. */
export class MucRoomDirectory {
  readonly events = new Emitter<MucRoomEvents>();
  private readonly byName = new Map<string, MucRoom>();
  /** Rooms that the focus has opened, and when; nobody has entered them yet. */
  private readonly openedAtMs = new Map<string, number>();

  constructor(private readonly options: MucRoomDirectoryOptions) {}

  get size(): number {
    return this.byName.size;
  }

  /** The room of that name, if it has occupants. */
  find(name: string): MucRoom | undefined {
    return this.byName.get(name);
  }

  /** The room a session is in, and its occupant there. */
  placeOf(session: Session): Place | null {
    const room = this.byName.get(session.admitted.room);
    const occupant = room?.occupant(session.endpointId);
    return room && occupant?.session === session ? { room, occupant } : null;
  }

  /** The focus opens a room, which waits for its first occupant. */
  openByFocus(name: string): void {
    if (!this.byName.has(name)) this.openedAtMs.set(name, this.options.clock.nowMs());
  }

  /** Forgets opened rooms that nobody has entered. */
  sweep(): void {
    const nowMs = this.options.clock.nowMs();
    for (const [name, atMs] of this.openedAtMs) if (nowMs - atMs >= UNUSED_ROOM_MS) this.openedAtMs.delete(name);
  }

  /** Every room is gone, without a word to anybody. */
  forgetAll(): void {
    this.byName.clear();
    this.openedAtMs.clear();
  }

  /** Handles a presence to `roomName/nick`: enters, shows a change, or leaves. */
  onPresence(session: Session, stanza: Element, roomName: string, nick: string): void {
    const { type } = stanza.attrs;
    if (type === 'unavailable') {
      this.leave(session);
      return;
    }
    if (type !== undefined) return;
    if (this.isMissing(roomName)) {
      session.send(presenceError(stanza, 'not-allowed', ...NO_ROOM()));
      return;
    }
    const refusal = this.refusalOf(session, stanza, roomName, nick);
    if (refusal) {
      session.send(presenceError(stanza, refusal));
      return;
    }
    const place = this.placeOf(session);
    if (place) this.update(place, stanza);
    else if (stanza.getChild('x', NS.muc)) this.enter(session, stanza);
    else session.send(presenceError(stanza, 'not-acceptable'));
  }

  /** Handles a message to all occupants or to `nick`. Spectators may not send any, and no occupant may set the subject. */
  onMessage(session: Session, stanza: Element, nick: string): void {
    const place = this.placeOf(session);
    if (!place) return;
    if (session.admitted.role === 'spectator') {
      this.options.counters.drop('spectatorStanza');
      return;
    }
    const payload = messagePayload(stanza);
    const receiver = place.room.occupant(nick);
    if (!payload || stanza.getChild('subject') || (nick !== '' && !receiver)) {
      this.options.counters.drop('stanzaNotRelayed');
      return;
    }
    const message = xml('message', { type: receiver ? 'chat' : 'groupchat', id: idOf(stanza) }, payload);
    if (!this.mayRelay(session, message)) return;
    if (receiver) place.room.relay(place.occupant, receiver, message);
    else place.room.broadcast(place.occupant, message);
  }

  /** Handles an IQ to another occupant: a question for its features, or the answer to one. Nothing else passes. */
  onIq(session: Session, stanza: Element, nick: string): void {
    const place = this.placeOf(session);
    if (!place) return;
    if (!isRequest(stanza)) {
      this.onAnswer(place, stanza);
      return;
    }
    const refusal = this.ask(place, stanza, nick);
    if (refusal) session.send(iqError(stanza, refusal));
  }

  /** Removes a session's occupant, if it is in a room. */
  leave(session: Session, departure: Departure = { kind: 'left' }, loud = true): void {
    const place = this.placeOf(session);
    if (!place) return;
    place.room.leave(place.occupant, departure, loud);
    this.afterLeaving(place.room, place.occupant);
  }

  /** An owner takes an occupant out of the room. Returns why not. */
  kickBy(owner: Session, stanza: Element): StanzaCondition | null {
    const place = this.placeOf(owner);
    const item = stanza.getChild('query', NS.mucAdmin)?.getChild('item');
    if (!place?.occupant.isOwner || item?.attrs['role'] !== 'none') return 'forbidden';
    const kicked = place.room.occupant(item.attrs['nick'] ?? '');
    if (!kicked) return 'item-not-found';
    const reason = item.getChildText('reason') ?? undefined;
    this.leave(kicked.session, { kind: 'kicked', reason, by: place.occupant.nick });
    return null;
  }

  /** Removes every session of a person from a room. Every occupant sees a kick. */
  kick(roomName: string, personId: string, reason: string): void {
    for (const { session } of this.find(roomName)?.sessionsOf(personId) ?? []) {
      this.leave(session, { kind: 'kicked', reason });
      this.options.endSession(session);
    }
  }

  /** Destroys a room and ends the sessions in it. */
  destroy(roomName: string, reason: string): void {
    const room = this.find(roomName);
    for (const occupant of room?.occupants ?? []) {
      room?.destroyFor(occupant, reason);
      if (room) this.afterLeaving(room, occupant);
      this.options.endSession(occupant.session);
    }
  }

  /** Answers a question, or passes it on under an id of the hub's own. Returns why not. */
  private ask({ room, occupant }: Place, stanza: Element, nick: string): StanzaCondition | null {
    const receiver = room.occupant(nick);
    if (!receiver) return 'item-not-found';
    const question = featureQuestion(stanza, nodeOf(receiver.payload));
    const askerId = idOf(stanza);
    if (!question || askerId === undefined) {
      this.options.counters.drop('stanzaNotRelayed');
      return 'forbidden';
    }
    const node = question.attrs['node'] ?? null;
    const asked = room.questions.ask(nick, node, { nick: occupant.nick, id: askerId });
    if (asked.kind === 'known') this.answer(room, receiver, asked.features, { nick: occupant.nick, id: askerId });
    if (asked.kind === 'pass') room.relay(occupant, receiver, xml('iq', { type: 'get', id: asked.id }, question));
    return null;
  }

  private onAnswer({ room, occupant }: Place, stanza: Element): void {
    const { id, type } = stanza.attrs;
    const told = type === 'result' ? featureAnswer(stanza, nodeOf(occupant.payload)) : null;
    const features = told && sizeOf([told]) <= this.options.relayedMaxBytes ? told : null;
    if (told && !features) this.options.counters.drop('tooLarge');
    const askers = room.questions.take(id, occupant.nick, features);
    if (askers.length === 0) this.options.counters.drop('stanzaNotRelayed');
    for (const asker of askers) this.answer(room, occupant, features, asker);
  }

  /** Tells an asker, if it is still here, the features of an occupant. */
  private answer(room: MucRoom, from: Occupant, features: Element | null, { nick, id }: Asker): void {
    const asker = room.occupant(nick);
    if (!asker) return;
    const content = features ? copyOf(features) : noFeatures();
    room.relay(from, asker, xml('iq', { type: features ? 'result' : 'error', id }, content));
  }

  /** Shows a changed presence. That of a spectator goes back to itself only: it has nothing to tell the others. */
  private update({ room, occupant }: Place, stanza: Element): void {
    if (occupant.session.admitted.role === 'spectator') {
      room.reflect(occupant);
      return;
    }
    const payload = this.options.dialect.shownPayload(stanza, false);
    if (this.mayShow(occupant.session, payload)) room.update(occupant, payload);
  }

  private mayShow(session: Session, payload: readonly Element[]): boolean {
    return session.mayRelay(sizeOf(payload) + PRESENCE_BYTES);
  }

  /** Whether a stanza of the session may be relayed: it is short, and within its rate. */
  private mayRelay(session: Session, stanza: Element): boolean {
    const sizeBytes = sizeOf([stanza]);
    if (sizeBytes <= this.options.relayedMaxBytes) return session.mayRelay(sizeBytes);
    this.options.counters.drop('tooLarge');
    return false;
  }

  private refusalOf(session: Session, stanza: Element, roomName: string, nick: string): StanzaCondition | null {
    if (roomName !== session.admitted.room) return 'not-allowed';
    if (nick !== session.endpointId) return 'not-acceptable';
    if (Buffer.byteLength(stanza.toString()) > this.options.presenceMaxBytes) return 'policy-violation';
    return null;
  }

  private enter(session: Session, stanza: Element): void {
    if (!session.mayEnter()) return;
    const { room: name, personId, role } = session.admitted;
    const payload = this.options.dialect.shownPayload(stanza, role === 'spectator');
    if (!this.mayShow(session, payload)) return;
    const before = this.find(name)?.sessionsOf(personId) ?? [];
    if (this.options.dialect.holdsPersonOnce) for (const older of before) this.replace(older.session);
    const room = this.find(name) ?? this.open(name);
    if (this.isFullFor(session, room)) {
      session.send(presenceError(stanza, 'service-unavailable'));
      return;
    }
    const occupant = room.enter(session, payload);
    this.events.emit('entered', { room, occupant, isFirstOfPerson: before.length === 0 });
  }

  /** A room full of spectators still has room for those with a seat. */
  private isFullFor({ admitted }: Session, { size, occupants }: MucRoom): boolean {
    const { occupantsMaxPerRoom, spectatorsMaxPerRoom } = this.options;
    if (size >= occupantsMaxPerRoom) return true;
    if (admitted.role !== 'spectator' || size < spectatorsMaxPerRoom) return false;
    return occupants.filter(({ session }) => session.admitted.role === 'spectator').length >= spectatorsMaxPerRoom;
  }

  /** Replaces a session with a newer one of the same person. Only the replaced one learns that it was removed. */
  private replace(session: Session): void {
    const place = this.placeOf(session);
    if (!place) return;
    place.room.leave(place.occupant, { kind: 'kicked', reason: 'replaced' }, false);
    this.events.emit('left', { ...place, isLastOfPerson: false });
    this.options.endSession(session);
  }

  private isMissing(roomName: string): boolean {
    const { dialect, clock } = this.options;
    if (!dialect.isOpenedByFocus || this.byName.has(roomName)) return false;
    const openedAtMs = this.openedAtMs.get(roomName) ?? Number.NEGATIVE_INFINITY;
    return clock.nowMs() - openedAtMs >= UNUSED_ROOM_MS;
  }

  private open(name: string): MucRoom {
    const { mucDomain, focusJid, dialect, clock } = this.options;
    const room = new MucRoom(name, `${name}@${mucDomain}`, focusJid, dialect, clock);
    this.openedAtMs.delete(name);
    this.byName.set(name, room);
    return room;
  }

  private afterLeaving(room: MucRoom, occupant: Occupant): void {
    if (room.size === 0) this.byName.delete(room.name);
    const isLastOfPerson = room.sessionsOf(occupant.session.admitted.personId).length === 0;
    this.events.emit('left', { room, occupant, isLastOfPerson });
  }
}

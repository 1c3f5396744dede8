import { Emitter } from '@/lib/core/emitter';
import type { HubCounters } from '../hubStats';
import { type Departure, MucRoom, type Occupant, ownPayload } from './mucRoom';
import { NS } from './namespaces';
import type { Session } from './session';
import { type Element, presenceError, type StanzaCondition } from './stanza';

interface MucRoomDirectoryOptions {
  readonly mucDomain: string;
  readonly focusJid: string;
  readonly occupantsMaxPerRoom: number;
  readonly spectatorsMaxPerRoom: number;
  readonly presenceMaxBytes: number;
  /** Ends a session that was replaced by another of the same person, or removed. */
  readonly endSession: (session: Session) => void;
  readonly counters: HubCounters;
}

/** Occupants entering and leaving. `isFirstOfPerson` and `isLastOfPerson` refer to the person's sessions in that room. */
export interface MucRoomEvents {
  entered: { readonly room: MucRoom; readonly occupant: Occupant; readonly isFirstOfPerson: boolean };
  left: { readonly room: MucRoom; readonly occupant: Occupant; readonly isLastOfPerson: boolean };
}

/** All MUC rooms, and the rules for entering and speaking in them. */
export class MucRoomDirectory {
  readonly events = new Emitter<MucRoomEvents>();
  private readonly byName = new Map<string, MucRoom>();

  constructor(private readonly options: MucRoomDirectoryOptions) {}

  get size(): number {
    return this.byName.size;
  }

  /** The room of that name, if it has occupants. */
  find(name: string): MucRoom | undefined {
    return this.byName.get(name);
  }

  /** The room a session is in, and its occupant there. */
  placeOf(session: Session): { room: MucRoom; occupant: Occupant } | null {
    const room = this.byName.get(session.admitted.room);
    const occupant = room?.occupant(session.endpointId);
    return room && occupant?.session === session ? { room, occupant } : null;
  }

  /** Handles a presence to `roomName/nick`: enters, shows a change, or leaves. */
  onPresence(session: Session, stanza: Element, roomName: string, nick: string): void {
    const { type } = stanza.attrs;
    if (type === 'unavailable') {
      this.leave(session);
      return;
    }
    if (type !== undefined) return;
    const refusal = this.refusalOf(session, stanza, roomName, nick);
    if (refusal) {
      session.send(presenceError(stanza, refusal));
      return;
    }
    const place = this.placeOf(session);
    if (place) place.room.update(place.occupant, ownPayload(stanza));
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
    if (stanza.getChild('subject')) return;
    if (nick === '') {
      place.room.broadcast(place.occupant, stanza);
      return;
    }
    const receiver = place.room.occupant(nick);
    if (receiver) place.room.relay(place.occupant, receiver, stanza);
  }

  /** Removes a session's occupant, if it is in a room. */
  leave(session: Session, departure: Departure = { kind: 'left' }, loud = true): void {
    const place = this.placeOf(session);
    if (!place) return;
    place.room.leave(place.occupant, departure, loud);
    this.afterLeaving(place.room, place.occupant);
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

  private refusalOf(session: Session, stanza: Element, roomName: string, nick: string): StanzaCondition | null {
    if (roomName !== session.admitted.room) return 'not-allowed';
    if (nick !== session.endpointId) return 'not-acceptable';
    if (Buffer.byteLength(stanza.toString()) > this.options.presenceMaxBytes) return 'policy-violation';
    return null;
  }

  private enter(session: Session, stanza: Element): void {
    const { room: name, personId } = session.admitted;
    const before = this.find(name)?.sessionsOf(personId) ?? [];
    for (const older of before) this.replace(older.session);
    const room = this.find(name) ?? this.open(name);
    if (this.isFullFor(session, room)) {
      session.send(presenceError(stanza, 'service-unavailable'));
      return;
    }
    const occupant = room.enter(session, ownPayload(stanza));
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

  private open(name: string): MucRoom {
    const room = new MucRoom(name, `${name}@${this.options.mucDomain}`, this.options.focusJid);
    this.byName.set(name, room);
    return room;
  }

  private afterLeaving(room: MucRoom, occupant: Occupant): void {
    if (room.size === 0) this.byName.delete(room.name);
    const isLastOfPerson = room.sessionsOf(occupant.session.admitted.personId).length === 0;
    this.events.emit('left', { room, occupant, isLastOfPerson });
  }
}

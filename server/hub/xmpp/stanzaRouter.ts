import type { Element } from './element';
import { parseJid } from './jid';
import type { RoomDirectory } from './roomDirectory';
import { answerRoomIq } from './roomIq';
import { answerServerIq } from './serverIq';
import type { Session } from './session';
import { iqError, isRequest } from './stanzaReplies';

/** Domains of the hub's parts. */
export interface HubDomains {
  readonly domain: string;
  readonly mucDomain: string;
  readonly focusDomain: string;
}

/** Takes IQ requests to the focus, as component or as the occupant of a room. */
export type FocusHandler = (session: Session, request: Element) => void;

/** Nick of the focus in every room. */
export const FOCUS_NICK = 'focus';

/** Brings each stanza of a client to the part of the hub that it is for. */
export class StanzaRouter {
  constructor(
    private readonly domains: HubDomains,
    private readonly rooms: RoomDirectory,
    private readonly focus: FocusHandler,
  ) {}

  /** Takes a stanza whose `from` is the session's own address. */
  route(session: Session, stanza: Element): void {
    stanza.attrs['to'] ??= this.domains.domain;
    const to = parseJid(stanza.attrs['to'] ?? '');
    if (to.domain === this.domains.mucDomain && to.local !== '') {
      this.routeToRoom(session, stanza, to.local, to.resource);
      return;
    }
    if (stanza.name === 'presence' && stanza.attrs['type'] === 'unavailable') {
      this.rooms.leave(session);
      return;
    }
    if (!isRequest(stanza)) return;
    if (to.domain === this.domains.focusDomain) {
      this.focus(session, stanza);
      return;
    }
    if (to.bare === this.domains.domain) {
      session.send(answerServerIq(stanza));
      return;
    }
    session.send(iqError(stanza, 'service-unavailable'));
  }

  private routeToRoom(session: Session, stanza: Element, roomName: string, nick: string): void {
    if (stanza.name === 'presence') {
      this.rooms.onPresence(session, stanza, roomName, nick);
      return;
    }
    const isInside = this.rooms.placeOf(session)?.room.name === roomName;
    if (!isInside) {
      this.refuse(session, stanza, 'not-allowed');
      return;
    }
    if (stanza.name === 'message') {
      this.rooms.onMessage(session, stanza, nick);
      return;
    }
    this.routeRoomIq(session, stanza, nick);
  }

  private routeRoomIq(session: Session, stanza: Element, nick: string): void {
    const place = this.rooms.placeOf(session);
    if (!place) return;
    if (nick === FOCUS_NICK) {
      if (isRequest(stanza)) this.focus(session, stanza);
      return;
    }
    if (nick === '') {
      if (isRequest(stanza)) session.send(answerRoomIq(stanza, place.room));
      return;
    }
    const receiver = place.room.occupant(nick);
    const isMute = session.admitted.role === 'spectator' && stanza.attrs['type'] === 'set';
    if (!receiver || isMute) {
      this.refuse(session, stanza, isMute ? 'forbidden' : 'item-not-found');
      return;
    }
    place.room.relay(place.occupant, receiver, stanza);
  }

  private refuse(session: Session, stanza: Element, condition: 'not-allowed' | 'forbidden' | 'item-not-found'): void {
    if (isRequest(stanza)) session.send(iqError(stanza, condition));
  }
}

import type { HubProfile } from '../profile/hubProfile';
import type { MucRoom } from './mucRoom';
import type { MucRoomDirectory } from './mucRoomDirectory';
import { NS } from './namespaces';
import type { Session } from './session';
import { type Element, iqError, iqResult, isRequest, xml } from './stanza';

/** The domains of the hub's parts. */
interface HubDomains {
  readonly domain: string;
  readonly mucDomain: string;
  readonly focusDomain: string;
}

/** Handles IQs to the focus, as component or as occupant of a room: requests, and answers to its own. */
type FocusHandler = (session: Session, iq: Element) => void;

/** The nick of the focus in every room. */
const FOCUS_NICK = 'focus';

/** Routes each stanza of a client to the part of the hub it is addressed to. */
export class StanzaRouter {
  constructor(
    private readonly domains: HubDomains,
    private readonly rooms: MucRoomDirectory,
    private readonly focus: FocusHandler,
    private readonly profile: Pick<HubProfile, 'stream' | 'rooms'>,
  ) {}

  /** Routes a stanza whose `from` is the session's own address. */
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
      session.send(this.answerServerIq(stanza));
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
      if (isRequest(stanza)) session.send(iqError(stanza, 'not-allowed'));
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
      this.focus(session, stanza);
      return;
    }
    if (nick === '') {
      if (isRequest(stanza)) session.send(this.answerRoomIq(session, stanza, place.room));
      return;
    }
    this.rooms.onIq(session, stanza, nick);
  }

  /** The answer to an IQ to the server itself. */
  private answerServerIq(request: Element): Element {
    const { stream } = this.profile;
    if (request.getChild('ping', NS.ping)) return iqResult(request);
    if (request.getChild('session', NS.session)) return iqResult(request);
    if (request.getChild('query', NS.discoInfo)) {
      return iqResult(request, discoInfo(request, stream.serverInfo(this.domains.domain)));
    }
    if (request.getChild('query', NS.discoItems)) return iqResult(request, xml('query', { xmlns: NS.discoItems }));
    const services = stream.listsServices ? request.getChild('services') : undefined;
    if (services) return iqResult(request, xml('services', { xmlns: services.getNS() }));
    return iqError(request, 'service-unavailable');
  }

  /** The answer to an IQ to a room: disco#info, and a kick for an owner. Clients may not configure. */
  private answerRoomIq(session: Session, request: Element, room: MucRoom): Element {
    if (request.attrs['type'] === 'get' && request.getChild('query', NS.discoInfo)) {
      return iqResult(request, discoInfo(request, this.profile.rooms.info(room)));
    }
    const refusal = request.attrs['type'] === 'set' ? this.rooms.kickBy(session, request) : 'forbidden';
    return refusal ? iqError(request, refusal) : iqResult(request);
  }
}

/** An XMPP address `local@domain/resource`. Local part and domain are in lower case. */
interface Jid {
  readonly local: string;
  readonly domain: string;
  readonly resource: string;
  /** The address without its resource. */
  readonly bare: string;
}

/** Splits an address. Absent parts are ''. Never throws. */
function parseJid(text: string): Jid {
  const slash = text.indexOf('/');
  const bare = (slash < 0 ? text : text.slice(0, slash)).toLowerCase();
  const at = bare.indexOf('@');
  return {
    local: at < 0 ? '' : bare.slice(0, at),
    domain: bare.slice(at + 1),
    resource: slash < 0 ? '' : text.slice(slash + 1),
    bare,
  };
}

/** A disco#info result that repeats the request's node. */
function discoInfo(request: Element, info: readonly Element[]): Element {
  const node = request.getChild('query', NS.discoInfo)?.attrs['node'];
  return xml('query', { xmlns: NS.discoInfo, node }, ...info);
}

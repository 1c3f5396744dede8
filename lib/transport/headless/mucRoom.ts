import { roomRefused, unreachable } from '../refusals';
import { type Endpoint, lost, TransportError } from '../transport';
import { attrOf, type Element, NS, textOf, xml } from './element';
import { capabilities } from './xmpp/capabilities';

/** The presence element for a hidden page: lib-jitsi-meet's participant property `parley_hidden`. */
const HIDDEN_ELEMENT = 'jitsi_participant_parley_hidden';

/** The presence element for an endpoint that no media comes through to: the participant property `parley_unheard`. */
const UNHEARD_ELEMENT = 'jitsi_participant_parley_unheard';

/** The nick of the conference focus in every MUC room. */
const FOCUS_NICK = 'focus';

/** What one presence of a MUC room says. */
type MucPresence =
  /** An occupant is here. `personId` is null if the presence names no person. */
  | {
      readonly kind: 'here';
      readonly nick: string;
      readonly isSelf: boolean;
      readonly personId: string | null;
      /** What the server calls the session behind it; '' if it does not say. */
      readonly occupantId: string;
      readonly isHidden: boolean;
      readonly isUnheard: boolean;
      /** Whether it owns the room. */
      readonly isOwner: boolean;
      /** Whether it says that there is no bridge, as only the focus can. */
      readonly isBridgeAway: boolean;
    }
  | { readonly kind: 'gone'; readonly nick: string; readonly why: 'left' | 'kicked' | 'destroyed' }
  /** The room refuses entry. `text` is the server's, '' if it has none. */
  | { readonly kind: 'refused'; readonly conditions: readonly string[]; readonly text: string };

const STATUS = { self: '110', kicked: '307', banned: '301' } as const;

/** Reads a presence of the room `roomJid`; null if it is from elsewhere or says nothing. Never throws. */
function readMucPresence(presence: Element, roomJid: string, ownNick: string): MucPresence | null {
  const nick = nickIn(attrOf(presence, 'from'), roomJid);
  if (nick === null) return null;
  const type = attrOf(presence, 'type');
  if (type === 'error') return readRefusal(presence);
  if (nick === '') return null;
  const user = presence.getChild('x', NS.mucUser);
  const statuses = (user?.getChildren('status') ?? []).map((status) => attrOf(status, 'code'));
  if (type === 'unavailable') return { kind: 'gone', nick, why: whyGone(user, statuses) };
  if (type !== '') return null;
  const isSelf = statuses.includes(STATUS.self) || nick === ownNick;
  const isHidden = textOf(presence.getChild(HIDDEN_ELEMENT)) === 'true';
  const isUnheard = textOf(presence.getChild(UNHEARD_ELEMENT)) === 'true';
  const isOwner = attrOf(user?.getChild('item'), 'affiliation') === 'owner';
  const isBridgeAway = presence.getChild('bridgeNotAvailable') !== undefined;
  const occupantId = attrOf(presence.getChild('occupant-id', NS.occupantId), 'id');
  const shown = { personId: personOf(presence), occupantId, isHidden, isUnheard };
  return { kind: 'here', nick, isSelf, ...shown, isOwner, isBridgeAway };
}

/** The nick in `room@muc/nick`; '' for the room itself, null for another address. */
function nickIn(from: string, roomJid: string): string | null {
  const slash = from.indexOf('/');
  const bare = slash < 0 ? from : from.slice(0, slash);
  if (bare.toLowerCase() !== roomJid) return null;
  return slash < 0 ? '' : from.slice(slash + 1);
}

/** The person the token names, in the form of Prosody's mod_presence_identity. */
function personOf(presence: Element): string | null {
  return textOf(presence.getChild('identity')?.getChild('user')?.getChild('id')) || null;
}

function whyGone(user: Element | undefined, statuses: readonly string[]): 'left' | 'kicked' | 'destroyed' {
  if (user?.getChild('destroy')) return 'destroyed';
  return statuses.includes(STATUS.kicked) || statuses.includes(STATUS.banned) ? 'kicked' : 'left';
}

function readRefusal(presence: Element): MucPresence {
  const said = presence.getChild('error')?.getChildElements() ?? [];
  const conditions = said.map(({ name }) => name).filter((name) => name !== 'text');
  return { kind: 'refused', conditions, text: textOf(said.find(({ name }) => name === 'text')) };
}

/** What the local occupant shows in its presence. */
interface OwnState {
  readonly isHidden: boolean;
  /** Whether no media comes through. */
  readonly isUnheard: boolean;
  /** Whether a voice is sent. */
  readonly isSpeaking: boolean;
  /** Whether shared screens are received. */
  readonly hearsScreens: boolean;
}

/** Senders choose a codec that all can read: lib-jitsi-meet's participant properties, of older clients and newer ones. */
const SCREEN_CODEC = [xml('jitsi_participant_codecType', {}, 'vp8'), xml('jitsi_participant_codecList', {}, 'vp8')];

/** The name of an endpoint's only audio source in Jitsi's source-name signalling. */
export function voiceSourceName(endpointId: string): string {
  return `${endpointId}-a0`;
}

/** The presence that enters a room as `nick`, and later shows changes. */
function ownPresence(
  roomJid: string,
  nick: string,
  { isHidden, isUnheard, isSpeaking, hearsScreens }: OwnState,
): Element {
  const sources = { [voiceSourceName(nick)]: { muted: !isSpeaking } };
  return xml(
    'presence',
    { to: `${roomJid}/${nick}` },
    xml('x', { xmlns: NS.muc }),
    capabilities(),
    xml(HIDDEN_ELEMENT, {}, String(isHidden)),
    xml(UNHEARD_ELEMENT, {}, String(isUnheard)),
    // Older clients read `audiomuted`, newer ones `SourceInfo`.
    xml('audiomuted', { xmlns: NS.audioMuted }, String(!isSpeaking)),
    xml('videomuted', { xmlns: NS.videoMuted }, 'true'),
    xml('SourceInfo', {}, JSON.stringify(sources)),
    ...(hearsScreens ? SCREEN_CODEC : []),
  );
}

/** The presence that leaves a room. */
function leavingPresence(roomJid: string, nick: string): Element {
  return xml('presence', { to: `${roomJid}/${nick}`, type: 'unavailable' });
}

/** What a MUC room reports. */
export interface MucRoomEvents {
  onJoined(endpoint: Endpoint): void;
  onLeft(endpointId: string): void;
  onHidden(endpointId: string, isHidden: boolean): void;
  onUnheard(endpointId: string, isUnheard: boolean): void;
  /** What the server calls the session behind an occupant, perhaps the local one. Reported with each of its presences. */
  onOccupant(endpointId: string, occupantId: string): void;
  /** The focus says that it has no bridge, or that it has one again. */
  onBridgeAway(isAway: boolean): void;
  /** An occupant other than the focus, perhaps the local one, owns the room. Reported with each of its presences. */
  onOwner(endpointId: string): void;
  /** The local occupant is out of the room after having been in it. */
  onOut(error: TransportError): void;
}

/** Longest time from asking to being let in. */
const ENTER_MAX_MS = 15_000;

/** The address of a MUC room and the local nick in it. */
interface MucAddress {
  /** `room@conference.domain`, in lower case. */
  readonly roomJid: string;
  /** The endpoint id. */
  readonly nick: string;
}

/** A multi-user chat room (XEP-0045) as Jitsi uses it: who is here, and what their presence shows. */
export class MucRoom {
  private readonly known = new Map<string, { personId: string | null; isHidden: boolean; isUnheard: boolean }>();
  private settle: ((error: TransportError | null) => void) | null = null;
  private isIn = false;
  private isBridgeAway = false;
  private own: OwnState = { isHidden: false, isUnheard: false, isSpeaking: false, hearsScreens: false };

  constructor(
    private readonly address: MucAddress,
    private readonly send: (stanza: Element) => void,
    private readonly events: MucRoomEvents,
  ) {}

  /** Enters. Resolves once inside, with every occupant known. @throws TransportError */
  async enter(own: OwnState): Promise<void> {
    this.own = own;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(() => this.settle?.(unanswered()), ENTER_MAX_MS);
      this.settle = (error) => {
        clearTimeout(timer);
        this.settle = null;
        if (error) reject(error);
        else resolve();
      };
      this.announce();
    });
  }

  /** Sends the local presence, also if nothing has changed, as after a cut. */
  announce(change: Partial<OwnState> = {}): void {
    this.own = { ...this.own, ...change };
    this.send(ownPresence(this.address.roomJid, this.address.nick, this.own));
  }

  /** Leaves without waiting for an answer. A pending `enter` is rejected. */
  leave(): void {
    this.settle?.(unanswered());
    if (this.isIn) this.send(leavingPresence(this.address.roomJid, this.address.nick));
    this.isIn = false;
  }

  /** Handles any presence. Never throws. */
  take(stanza: Element): void {
    const presence = readMucPresence(stanza, this.address.roomJid, this.address.nick);
    if (!presence) return;
    switch (presence.kind) {
      case 'refused':
        this.settle?.(refused(presence));
        return;
      case 'here':
        this.takeHere(presence);
        return;
      case 'gone':
        this.takeGone(presence.nick, presence.why);
        return;
    }
  }

  private takeHere(presence: MucPresence & { kind: 'here' }): void {
    const { nick, isSelf, personId, isHidden, isUnheard } = presence;
    if (nick === FOCUS_NICK) {
      this.takeFocus(presence.isBridgeAway);
      return;
    }
    if (presence.isOwner) this.events.onOwner(nick);
    if (presence.occupantId !== '') this.events.onOccupant(nick, presence.occupantId);
    if (isSelf) {
      this.isIn = true;
      this.settle?.(null);
      return;
    }
    const before = this.known.get(nick);
    this.known.set(nick, { personId, isHidden, isUnheard });
    if (!before || before.personId !== personId) this.events.onJoined({ endpointId: nick, personId });
    if ((before?.isHidden ?? false) !== isHidden) this.events.onHidden(nick, isHidden);
    if ((before?.isUnheard ?? false) !== isUnheard) this.events.onUnheard(nick, isUnheard);
  }

  private takeFocus(isBridgeAway: boolean): void {
    if (isBridgeAway === this.isBridgeAway) return;
    this.isBridgeAway = isBridgeAway;
    this.events.onBridgeAway(isBridgeAway);
  }

  private takeGone(nick: string, why: 'left' | 'kicked' | 'destroyed'): void {
    if (why === 'destroyed')
      this.goOut(new TransportError('conferenceDestroyed', 'The meeting was closed on the server.'));
    else if (nick === this.address.nick) this.goOut(removal(why));
    else if (nick === FOCUS_NICK) this.goOut(new TransportError('lost', 'The conference focus is gone.'));
    else if (this.known.delete(nick)) this.events.onLeft(nick);
  }

  private goOut(error: TransportError): void {
    const wasIn = this.isIn;
    this.isIn = false;
    this.settle?.(error);
    if (wasIn) this.events.onOut(error);
  }
}

function removal(why: 'left' | 'kicked'): TransportError {
  return why === 'kicked' ? new TransportError('kicked', 'You were taken out of the meeting.') : lost();
}

function unanswered(): TransportError {
  return new TransportError('unreachable', 'The meeting server did not answer.');
}

const MAY_PASS = new Set([
  'service-unavailable',
  'resource-constraint',
  'remote-server-timeout',
  'conflict',
  'room-does-not-exist',
]);

function refused({ conditions, text }: MucPresence & { kind: 'refused' }): TransportError {
  const said = text || conditions.join(', ');
  if (conditions.some((condition) => MAY_PASS.has(condition))) {
    return unreachable('The room cannot be entered right now.', said);
  }
  return roomRefused(said);
}

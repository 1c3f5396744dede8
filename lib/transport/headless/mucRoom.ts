import { type Endpoint, TransportError } from '../transport';
import { attrOf, type Element, NS, textOf, xml } from './element';

/** Presence element by which a page says that it is hidden; lib-jitsi-meet's participant property `parley_hidden`. */
export const HIDDEN_ELEMENT = 'jitsi_participant_parley_hidden';

/** The nick of the conference focus in every room. */
export const FOCUS_NICK = 'focus';

/** What one presence of a room tells. */
export type MucPresence =
  /** Somebody is here; `personId` null where the deployment vouches for nobody. */
  | {
      readonly kind: 'here';
      readonly nick: string;
      readonly isSelf: boolean;
      readonly personId: string | null;
      readonly isHidden: boolean;
    }
  | { readonly kind: 'gone'; readonly nick: string; readonly why: 'left' | 'kicked' | 'destroyed' }
  /** The room does not let one in. */
  | { readonly kind: 'refused'; readonly condition: string };

const STATUS = { self: '110', kicked: '307', banned: '301' } as const;

/** Reads a presence of the room `roomJid`. Null for one that is of elsewhere, or tells nothing. Never throws. */
export function readMucPresence(presence: Element, roomJid: string, ownNick: string): MucPresence | null {
  const nick = nickIn(attrOf(presence, 'from'), roomJid);
  if (nick === null) return null;
  const type = attrOf(presence, 'type');
  if (type === 'error') return { kind: 'refused', condition: conditionOf(presence) };
  if (nick === '') return null;
  const user = presence.getChild('x', NS.mucUser);
  const statuses = (user?.getChildren('status') ?? []).map((status) => attrOf(status, 'code'));
  if (type === 'unavailable') return { kind: 'gone', nick, why: whyGone(user, statuses) };
  if (type !== '') return null;
  const isSelf = statuses.includes(STATUS.self) || nick === ownNick;
  const isHidden = textOf(presence.getChild(HIDDEN_ELEMENT)) === 'true';
  return { kind: 'here', nick, isSelf, personId: personOf(presence), isHidden };
}

/** The nick in `room@muc/nick`; '' for the room itself, null for another address. */
function nickIn(from: string, roomJid: string): string | null {
  const slash = from.indexOf('/');
  const bare = slash < 0 ? from : from.slice(0, slash);
  if (bare.toLowerCase() !== roomJid) return null;
  return slash < 0 ? '' : from.slice(slash + 1);
}

/** Who the token says this is, in the form of Prosody's mod_presence_identity. */
function personOf(presence: Element): string | null {
  return textOf(presence.getChild('identity')?.getChild('user')?.getChild('id')) || null;
}

function whyGone(user: Element | undefined, statuses: readonly string[]): 'left' | 'kicked' | 'destroyed' {
  if (user?.getChild('destroy')) return 'destroyed';
  return statuses.includes(STATUS.kicked) || statuses.includes(STATUS.banned) ? 'kicked' : 'left';
}

function conditionOf(presence: Element): string {
  const conditions = presence.getChild('error')?.getChildElements() ?? [];
  return conditions.find((condition) => condition.name !== 'text')?.name ?? 'undefined-condition';
}

/** What one shows of oneself to the room. */
export interface OwnState {
  readonly isHidden: boolean;
  /** Whether one's voice is sent. */
  readonly isSpeaking: boolean;
}

/** Name of the one audio source of an endpoint, as Jitsi's source-name signalling has it. */
export function voiceSourceName(endpointId: string): string {
  return `${endpointId}-a0`;
}

/** The presence by which one enters a room as `nick`, and says anew what has changed. */
export function ownPresence(roomJid: string, nick: string, { isHidden, isSpeaking }: OwnState): Element {
  const sources = { [voiceSourceName(nick)]: { muted: !isSpeaking } };
  return xml(
    'presence',
    { to: `${roomJid}/${nick}` },
    xml('x', { xmlns: NS.muc }),
    xml(HIDDEN_ELEMENT, {}, String(isHidden)),
    // Older clients read the first, newer ones `SourceInfo`.
    xml('audiomuted', { xmlns: NS.audioMuted }, String(!isSpeaking)),
    xml('videomuted', { xmlns: NS.videoMuted }, 'true'),
    xml('SourceInfo', {}, JSON.stringify(sources)),
  );
}

/** The presence by which one leaves. */
export function leavingPresence(roomJid: string, nick: string): Element {
  return xml('presence', { to: `${roomJid}/${nick}`, type: 'unavailable' });
}

/** What a room tells. */
export interface MucRoomEvents {
  onJoined(endpoint: Endpoint): void;
  onLeft(endpointId: string): void;
  onHidden(endpointId: string, isHidden: boolean): void;
  /** One is out of it, after one was in. */
  onOut(error: TransportError): void;
}

/** Longest from asking to being let in. */
const ENTER_MAX_MS = 15_000;

/** Where a room is, and how one is called there. */
export interface MucAddress {
  /** `room@conference.domain`, in lower case. */
  readonly roomJid: string;
  /** One's nick, which is the endpoint id. */
  readonly nick: string;
}

/** A multi-user chat room (XEP-0045) as Jitsi uses it: who is here, and what they show of themselves. */
export class MucRoom {
  private readonly known = new Map<string, { personId: string | null; isHidden: boolean }>();
  private settle: ((error: TransportError | null) => void) | null = null;
  private isIn = false;
  private own: OwnState = { isHidden: false, isSpeaking: false };

  constructor(
    private readonly address: MucAddress,
    private readonly send: (stanza: Element) => void,
    private readonly events: MucRoomEvents,
  ) {}

  /** Enters; resolves once one is in and knows everybody who was there. @throws TransportError */
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

  /** Says what one shows of oneself; once more where nothing has changed, as after a cut. */
  announce(change: Partial<OwnState> = {}): void {
    this.own = { ...this.own, ...change };
    this.send(ownPresence(this.address.roomJid, this.address.nick, this.own));
  }

  /** Leaves, without waiting for an answer; a pending `enter` is rejected. */
  leave(): void {
    this.settle?.(unanswered());
    if (this.isIn) this.send(leavingPresence(this.address.roomJid, this.address.nick));
    this.isIn = false;
  }

  /** Takes any presence. Never throws. */
  take(stanza: Element): void {
    const presence = readMucPresence(stanza, this.address.roomJid, this.address.nick);
    if (!presence) return;
    switch (presence.kind) {
      case 'refused':
        this.settle?.(refused(presence.condition));
        return;
      case 'here':
        this.takeHere(presence);
        return;
      case 'gone':
        this.takeGone(presence.nick, presence.why);
        return;
    }
  }

  private takeHere({ nick, isSelf, personId, isHidden }: MucPresence & { kind: 'here' }): void {
    if (isSelf) {
      this.isIn = true;
      this.settle?.(null);
      return;
    }
    if (nick === FOCUS_NICK) return;
    const before = this.known.get(nick);
    this.known.set(nick, { personId, isHidden });
    if (!before || before.personId !== personId) this.events.onJoined({ endpointId: nick, personId });
    if ((before?.isHidden ?? false) !== isHidden) this.events.onHidden(nick, isHidden);
  }

  private takeGone(nick: string, why: 'left' | 'kicked' | 'destroyed'): void {
    if (why === 'destroyed')
      this.goOut(new TransportError('conferenceDestroyed', 'The meeting was closed on the server.'));
    else if (nick === this.address.nick) this.goOut(thrownOut(why));
    else if (nick === FOCUS_NICK) this.goOut(new TransportError('lost', 'The conference focus has gone.'));
    else if (this.known.delete(nick)) this.events.onLeft(nick);
  }

  private goOut(error: TransportError): void {
    const wasIn = this.isIn;
    this.isIn = false;
    this.settle?.(error);
    if (wasIn) this.events.onOut(error);
  }
}

function thrownOut(why: 'left' | 'kicked'): TransportError {
  return why === 'kicked'
    ? new TransportError('kicked', 'You were taken out of the meeting.')
    : new TransportError('lost', 'The connection to the meeting server was lost.');
}

function unanswered(): TransportError {
  return new TransportError('unreachable', 'The meeting server gave no answer.');
}

const MAY_PASS = new Set(['service-unavailable', 'resource-constraint', 'remote-server-timeout', 'conflict']);

function refused(condition: string): TransportError {
  if (MAY_PASS.has(condition)) return new TransportError('unreachable', `The room answers ${condition}.`);
  return new TransportError('notAllowed', `The room does not let one in: ${condition}.`);
}

import { type Endpoint, TransportError } from '../../transport';
import type { Element } from '../element';
import { leavingPresence, type OwnState, ownPresence } from './ownPresence';
import { FOCUS_NICK, type RoomPresence, readRoomPresence } from './roomPresence';

/** What a room tells. */
export interface RoomEvents {
  onJoined(endpoint: Endpoint): void;
  onLeft(endpointId: string): void;
  onHidden(endpointId: string, isHidden: boolean): void;
  /** One is out of it, after one was in. */
  onOut(error: TransportError): void;
}

/** Longest from asking to being let in. */
const ENTER_MAX_MS = 15_000;

/** Where a room is, and how one is called there. */
export interface RoomPlace {
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
    private readonly place: RoomPlace,
    private readonly send: (stanza: Element) => void,
    private readonly events: RoomEvents,
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
    this.send(ownPresence(this.place.roomJid, this.place.nick, this.own));
  }

  /** Leaves, without waiting for an answer; a pending `enter` is rejected. */
  leave(): void {
    this.settle?.(unanswered());
    if (this.isIn) this.send(leavingPresence(this.place.roomJid, this.place.nick));
    this.isIn = false;
  }

  /** Takes any presence. Never throws. */
  take(stanza: Element): void {
    const presence = readRoomPresence(stanza, this.place.roomJid, this.place.nick);
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

  private takeHere({ nick, isSelf, personId, isHidden }: RoomPresence & { kind: 'here' }): void {
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
    else if (nick === this.place.nick) this.goOut(thrownOut(why));
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

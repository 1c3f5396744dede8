import type { Admitted, TokenFault } from '@/lib/core/admission';
import type { OfferDetails } from '../focus/jingleSession';
import type { SourceSet } from '../focus/sources';
import type { HubLimits } from '../hubLimits';
import type { Departure, MucRoom, Occupant } from '../xmpp/mucRoom';
import type { Element } from '../xmpp/stanza';

/** Why a token opens no session. */
export interface Refused {
  readonly reason: 'tokenInvalid' | 'tokenExpired' | 'tokenUsed' | 'stayOver';
  /** What is wrong with the token; absent if it is not known more exactly. */
  readonly fault?: TokenFault;
}

/** What a client whose token is refused is told. */
export interface Refusal {
  /** Null: nothing at all. */
  readonly text: string | null;
  readonly closesStream: boolean;
}

/** How the XMPP server itself speaks. */
export interface StreamDialect {
  /** Namespaces of stream management (XEP-0198) that are understood. */
  readonly managementVersions: readonly string[];
  /** Attributes of `<enabled/>` besides its id. */
  readonly enabledAttrs: Readonly<Record<string, string>>;
  /** Whether a token opens one session only, and an expired one still resumes that session. */
  readonly opensOncePerToken: boolean;
  /** Whether a session is resumed only over a socket whose address names it (`previd`). */
  readonly resumesByAddress: boolean;
  /** Whether the server has an answer for external services (XEP-0215). */
  readonly listsServices: boolean;
  /** Features of a stream whose client has authenticated. */
  features(): Element[];
  refusal(refused: Refused): Refusal;
  /** What the server makes of what a token vouches for. */
  admit(admitted: Admitted): Admitted;
  /** Identities and features of the server in disco#info. */
  serverInfo(domain: string): Element[];
}

/** For whom a presence is, and when. */
export interface PresenceView {
  /** Full address; '' if it is filled in later. */
  readonly to: string;
  readonly isSelf: boolean;
  /** The occupant has just entered, has just become an owner, or something else has changed. */
  readonly moment: 'entry' | 'grant' | 'change';
}

/** How MUC rooms speak. */
export interface RoomDialect {
  /** Whether a room exists only after the focus was asked for it. */
  readonly isOpenedByFocus: boolean;
  /** Whether a person's newer session takes the place of the older one. */
  readonly holdsPersonOnce: boolean;
  /** Whether the focus shows in its presence how many bridges there are. */
  readonly showsBridges: boolean;
  /** What of a client's presence is kept and shown. */
  shownPayload(presence: Element, isSpectator: boolean): Element[];
  focusPresence(room: MucRoom, to: string): Element;
  occupantPresence(room: MucRoom, occupant: Occupant, view: PresenceView): Element;
  departurePresence(room: MucRoom, occupant: Occupant, view: Omit<PresenceView, 'moment'>, why: Departure): Element;
  /** What a client that enters is sent before and after its own presence. */
  greetings(room: MucRoom, occupant: Occupant): { readonly before: Element[]; readonly after: Element[] };
  /** Identities, features and form of a room in disco#info. */
  info(room: MucRoom): Element[];
}

/** A member's request for a conference, and who asks. */
export interface ConferenceRequest {
  readonly request: Element;
  readonly conference: Element;
  /** Full address. */
  readonly jid: string;
  readonly focusJid: string;
}

/** Sources that came or went, for one client. */
export interface SourceChange {
  readonly action: 'source-add' | 'source-remove';
  readonly sources: SourceSet;
  readonly sessionId: string;
  readonly initiator: string;
  /** Features of the client. */
  readonly features: ReadonlySet<string>;
}

/** How often a client may ask for a fresh session. */
export interface RestartLimit {
  readonly leastPauseMs: number;
  readonly perMinuteMax: number;
}

/** How the focus speaks. */
export interface FocusDialect {
  /** How many occupants it takes for sessions to be offered. */
  readonly minParticipants: 1 | 2;
  /** Whether clients are asked for their features before they are offered a session. */
  readonly asksFeatures: boolean;
  /** Who is made an owner of the room. */
  readonly owners: 'none' | 'first' | 'everybody';
  /** Whether a source that is removed stays announced until its owner leaves. */
  readonly keepsRemovedSources: boolean;
  /** Whether the focus offers another session by itself once media was lost. */
  readonly replacesLostMedia: boolean;
  /** Null if each wish is fulfilled, but later and later. */
  readonly restartLimit: RestartLimit | null;
  /** The answer to a conference request. The room exists from then on unless it is an error. */
  answer(asked: ConferenceRequest): Element;
  /** Who offers sessions. */
  initiator(roomJid: string, focusJid: string): string;
  offer(details: OfferDetails): Element;
  termination(sessionId: string, initiator: string): Element;
  sourceChange(change: SourceChange): Element;
}

/** How the bridge behaves. */
export interface BridgeDialect {
  /** Whether the bridge starts the SCTP association, or waits for the client to do so. */
  readonly startsSctp: boolean;
  /** Whether a WebSocket and a data channel are both taken, whichever is offered. */
  readonly takesAnyChannel: boolean;
  /** Endpoints whose media has not connected this long after the offer are expired; null to keep them. */
  readonly unconnectedMaxMs: number | null;
  /** Ids of the RTP header extensions that mean something on one connection only, and are blanked before forwarding. */
  readonly privateExtensions: readonly number[];
}

/** Which Jitsi the hub behaves as: every difference that clients can notice, by the part that shows it. */
export interface HubProfile {
  /** Limits in place of the defaults. */
  readonly limits: Partial<HubLimits>;
  /** Whether the hub knows of stays, and so puts out those who have left the meeting. */
  readonly knowsStays: boolean;
  readonly stream: StreamDialect;
  readonly rooms: RoomDialect;
  readonly focus: FocusDialect;
  readonly bridge: BridgeDialect;
}

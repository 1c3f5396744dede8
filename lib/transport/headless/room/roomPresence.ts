import { attrOf, type Element, textOf } from '../element';
import { NS } from '../namespaces';

/** Presence element by which a page says that it is hidden; lib-jitsi-meet's participant property `parley_hidden`. */
export const HIDDEN_ELEMENT = 'jitsi_participant_parley_hidden';

/** The nick of the conference focus in every room. */
export const FOCUS_NICK = 'focus';

/** What one presence of a room tells. */
export type RoomPresence =
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
export function readRoomPresence(presence: Element, roomJid: string, ownNick: string): RoomPresence | null {
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

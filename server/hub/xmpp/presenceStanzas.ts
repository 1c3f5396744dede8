import { copyOf, type Element, xml } from './element';
import { NS } from './namespaces';
import type { Occupant, Room } from './room';

/** Status codes of XEP-0045 that the hub uses. */
export const MUC_STATUS = { selfPresence: '110', kicked: '307' } as const;

/** Elements that only the hub may put into a presence, or that a client could use to pose as somebody else. */
const RESERVED_CHILDREN = new Set([
  'x',
  'identity',
  'nick',
  'flip_device',
  'bot',
  'ignore',
  'conference-properties',
  'bridgeNotAvailable',
  'transcription-status',
  'call-control',
]);

/** Copies of what a client may show of itself in its presence. */
export function ownPayload(presence: Element): Element[] {
  return presence
    .getChildElements()
    .filter((child) => !RESERVED_CHILDREN.has(child.name))
    .map(copyOf);
}

/**
 * What the hub vouches for, in the form of Prosody's mod_presence_identity; `group` is the meeting role.
 * The nick is the token's name, whatever the client calls itself.
 */
export function stampedPayload({ personId, name, role }: Occupant['session']['admitted']): Element[] {
  return [
    xml('identity', {}, xml('user', {}, xml('id', {}, personId), xml('name', {}, name)), xml('group', {}, role)),
    xml('nick', { xmlns: NS.nick }, name),
  ];
}

/** An occupant as another (or, with `isSelf`, the occupant itself) sees it. The MUC element must come first. */
export function occupantPresence(room: Room, occupant: Occupant, to: string, isSelf: boolean): Element {
  const item = xml('item', { affiliation: 'none', role: 'participant', jid: occupant.session.jid });
  const status = isSelf ? xml('status', { code: MUC_STATUS.selfPresence }) : null;
  const presence = xml(
    'presence',
    { from: `${room.jid}/${occupant.nick}`, to },
    xml('x', { xmlns: NS.mucUser }, item, status),
  );
  for (const child of occupant.payload) presence.append(copyOf(child));
  presence.append(...stampedPayload(occupant.session.admitted));
  return presence;
}

/** The focus, which every client must see before itself. */
export function focusPresence(room: Room, focusJid: string, to: string): Element {
  const item = xml('item', { affiliation: 'owner', role: 'moderator', jid: `${focusJid}/focus` });
  const property = xml('property', { key: 'support-terminate-restart', value: 'true' });
  return xml(
    'presence',
    { from: `${room.jid}/focus`, to },
    xml('x', { xmlns: NS.mucUser }, item),
    xml('nick', { xmlns: NS.nick }, 'focus'),
    xml('conference-properties', { xmlns: NS.focus }, property),
  );
}

/** How somebody goes: of their own accord, removed, or because the room ends. */
export interface Departure {
  readonly kind: 'left' | 'kicked' | 'destroyed';
  readonly reason?: string;
}

/** An occupant's going, as another or the occupant itself sees it. */
export function departurePresence(
  room: Room,
  occupant: Occupant,
  to: string,
  isSelf: boolean,
  departure: Departure,
): Element {
  const reason = departure.reason ? xml('reason', {}, departure.reason) : null;
  const isKick = departure.kind === 'kicked';
  const x = xml(
    'x',
    { xmlns: NS.mucUser },
    xml('item', { affiliation: 'none', role: 'none', jid: occupant.session.jid }, isKick ? reason : null),
    isSelf ? xml('status', { code: MUC_STATUS.selfPresence }) : null,
    isKick ? xml('status', { code: MUC_STATUS.kicked }) : null,
    departure.kind === 'destroyed' ? xml('destroy', {}, reason) : null,
  );
  return xml('presence', { type: 'unavailable', from: `${room.jid}/${occupant.nick}`, to }, x);
}

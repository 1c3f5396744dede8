import type { PresenceView } from '../profile/hubProfile';
import type { Departure, MucRoom, Occupant } from './mucRoom';
import { NS } from './namespaces';
import { copyOf, type Element, xml } from './stanza';

/** Status codes of XEP-0045 that the hub uses. */
export const MUC_STATUS = { selfPresence: '110', kicked: '307' } as const;

/**
 * The elements that the hub vouches for, in the form of Prosody's mod_presence_identity; `group` is the meeting role. The nick
 * is the token's name, whatever the client calls itself.
 */
function stampedPayload({ personId, name, role }: Occupant['session']['admitted']): Element[] {
  return [
    xml('identity', {}, xml('user', {}, xml('id', {}, personId), xml('name', {}, name)), xml('group', {}, role)),
    xml('nick', { xmlns: NS.nick }, name),
  ];
}

/** An occupant's presence for another or, with `isSelf`, for itself. The MUC element must come first. */
export function occupantPresence(room: MucRoom, occupant: Occupant, { to, isSelf }: PresenceView): Element {
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

/** The presence of the focus, which every client must see before its own. */
export function focusPresence(room: MucRoom, to: string): Element {
  const item = xml('item', { affiliation: 'owner', role: 'moderator', jid: `${room.focusJid}/focus` });
  const property = xml('property', { key: 'support-terminate-restart', value: 'false' });
  return xml(
    'presence',
    { from: `${room.jid}/focus`, to },
    xml('x', { xmlns: NS.mucUser }, item),
    xml('nick', { xmlns: NS.nick }, 'focus'),
    xml('conference-properties', { xmlns: NS.focus }, property),
  );
}

/** The unavailable presence of an occupant, for another or for itself. */
export function departurePresence(
  room: MucRoom,
  occupant: Occupant,
  { to, isSelf }: Omit<PresenceView, 'moment'>,
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

/** The message that ends the history of a room without one: an empty subject. */
export function emptySubject(room: MucRoom, { session }: Occupant): Element {
  return xml('message', { type: 'groupchat', from: room.jid, to: session.jid }, xml('subject', {}, ''));
}

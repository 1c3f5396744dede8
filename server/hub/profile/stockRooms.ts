import { createHash } from 'node:crypto';
import { emptySubject, MUC_STATUS } from '../xmpp/mucPresence';
import type { Departure, MucRoom, Occupant } from '../xmpp/mucRoom';
import { NS } from '../xmpp/namespaces';
import { copyOf, type Element, xml } from '../xmpp/stanza';
import type { PresenceView, RoomDialect } from './hubProfile';

/** Tells a client that the room shows its full address to everybody. */
const STATUS_NON_ANONYMOUS = '100';

/** What Prosody's modules put into presences themselves, and so take out of a client's. */
const STAMPED: ReadonlySet<string> = new Set(['x', 'occupant-id']);

/** What an owner of a room may do, as Prosody's mod_jitsi_permissions says at the grant. */
const PERMISSIONS = [
  'livestreaming',
  'recording',
  'create-polls',
  'outbound-call',
  'transcription',
  'flip',
  'send-groupchat',
];

/** Stands for Prosody's HMAC: the same for the same address in the same room. */
function occupantId(room: MucRoom, jid: string): Element {
  const id = createHash('sha256').update(`${room.id} ${jid}`).digest('base64');
  return xml('occupant-id', { xmlns: NS.occupantId, id });
}

/** As mod_presence_identity writes what Parley's tokens vouch for. */
function identity({ session: { admitted } }: Occupant): Element {
  const user = { id: admitted.personId, name: admitted.name, affiliation: 'member', moderator: 'false' };
  return xml('identity', {}, xml('user', {}, ...Object.entries(user).map(([name, value]) => xml(name, {}, value))));
}

function rank({ isOwner }: Occupant) {
  return isOwner ? { affiliation: 'owner', role: 'moderator' } : { affiliation: 'none', role: 'participant' };
}

function status(code: string): Element {
  return xml('status', { code });
}

function permissions(): Element {
  const granted = PERMISSIONS.map((name) => xml('p', { name, val: 'true' }));
  return xml('permissions', { xmlns: NS.jitsiMeet }, ...granted);
}

const FROM = (room: MucRoom, nick: string, to: string) => ({ 'xml:lang': 'en', from: `${room.jid}/${nick}`, to });

function focusPresence(room: MucRoom, to: string): Element {
  const property = (key: string, value: string) => xml('property', { key, value });
  const { count, isAway } = room.bridges;
  const properties = [property('support-terminate-restart', 'true')];
  if (count > 0) properties.push(property('bridge-count', String(count)));
  const caps = { xmlns: NS.caps, hash: 'sha-1', node: 'http://jitsi.org/jicofo', ver: 'Lg0vhCNhxjoeKJi2/hukdsizNWA=' };
  const jid = `${room.focusJid}/focus`;
  return xml(
    'presence',
    { ...FROM(room, 'focus', to), id: `jicofo-${room.id}` },
    xml('priority', {}, '0'),
    xml('etherpad', { xmlns: 'http://jitsi.org/jitmeet/etherpad' }, room.name),
    xml('versions', { xmlns: NS.jitsiMeet }, xml('component', { name: 'focus' }, '1.1.SNAPSHOT')),
    xml('conference-properties', { xmlns: NS.focus }, ...properties),
    isAway ? xml('bridgeNotAvailable', { xmlns: NS.focus }) : null,
    xml('c', caps),
    occupantId(room, jid),
    xml('x', { xmlns: NS.mucUser }, xml('item', { role: 'moderator', affiliation: 'owner', jid })),
  );
}

function metadata(room: MucRoom, to: string): Element {
  const text = JSON.stringify({ type: 'room_metadata', metadata: {} });
  const message = xml('json-message', { xmlns: NS.jitsiMeet, room: room.jid }, text);
  return xml('message', { from: `metadata.${domainOf(to)}`, to }, message);
}

/** Tells of those who were in the room before. */
function speakerStats(room: MucRoom, to: string): Element[] {
  if (room.past.length === 0) return [];
  const users = Object.fromEntries(room.past.map((nick) => [nick, { totalDominantSpeakerTime: 0, faceLandmarks: {} }]));
  const message = xml('json-message', { xmlns: NS.jitsiMeet }, JSON.stringify({ users, type: 'speakerstats' }));
  return [xml('message', { from: `speakerstats.${domainOf(to)}`, to }, message)];
}

function domainOf(jid: string): string {
  return jid.slice(jid.indexOf('@') + 1, jid.indexOf('/'));
}

const ROOM_FEATURES = [
  'muc_temporary',
  'muc_open',
  'muc_unsecured',
  'muc_unmoderated',
  'muc_hidden',
  'muc_nonanonymous',
  'jabber:iq:register',
  NS.occupantId,
  NS.muc,
  `${NS.muc}#request`,
  `${NS.muc}#stable_id`,
  `${NS.muc}#self-ping-optimization`,
];

function roomInfo(room: MucRoom): Element[] {
  const field = (name: string, value: string, type = 'text-single', label?: string) =>
    xml('field', { var: name, type, label }, xml('value', {}, value));
  const form = xml(
    'x',
    { xmlns: NS.dataForms, type: 'result' },
    field('FORM_TYPE', `${NS.muc}#roominfo`, 'hidden'),
    field('muc#roominfo_meetingId', room.id, 'text-single', 'The meeting unique id.'),
    // The focus is an occupant, too.
    field('muc#roominfo_occupants', String(room.size + 1), 'text-single', 'Number of occupants'),
    field('muc#roominfo_lang', 'en'),
  );
  const features = ROOM_FEATURES.map((feature) => xml('feature', { var: feature }));
  return [xml('identity', { category: 'conference', type: 'text' }), ...features, form];
}

/**
 * How Prosody's MUC rooms speak, with Jitsi's modules. Without mod_presence_identity (`vouches` false) presence is
 * passed on with whatever identity a client claims in it: only that module takes it out.
 */
export function stockRooms(vouches: boolean): RoomDialect {
  const stamps = (room: MucRoom, occupant: Occupant) => [
    ...(vouches ? [identity(occupant)] : []),
    occupantId(room, occupant.session.jid),
  ];
  return {
    isOpenedByFocus: true,
    holdsPersonOnce: false,
    showsBridges: true,
    shownPayload: (presence) =>
      presence.getChildElements().filter(({ name }) => !STAMPED.has(name) && !(vouches && name === 'identity')),
    focusPresence,
    occupantPresence(room: MucRoom, occupant: Occupant, { to, isSelf, moment }: PresenceView) {
      const actor = moment === 'grant' ? xml('actor', { nick: 'focus' }) : null;
      const x = xml(
        'x',
        { xmlns: NS.mucUser },
        isSelf && moment === 'entry' ? status(STATUS_NON_ANONYMOUS) : null,
        xml('item', { ...rank(occupant), jid: occupant.session.jid }, actor),
        isSelf ? status(MUC_STATUS.selfPresence) : null,
      );
      return xml(
        'presence',
        FROM(room, occupant.nick, to),
        ...occupant.payload.map(copyOf),
        ...stamps(room, occupant),
        x,
        isSelf && moment === 'grant' ? permissions() : null,
      );
    },
    departurePresence(room: MucRoom, occupant: Occupant, { to, isSelf }, why: Departure) {
      const reason = why.reason ? xml('reason', {}, why.reason) : null;
      const isKick = why.kind === 'kicked';
      const actor = isKick && why.by ? xml('actor', { nick: why.by }) : null;
      const item = { role: 'none', affiliation: rank(occupant).affiliation, jid: occupant.session.jid };
      const x = xml(
        'x',
        { xmlns: NS.mucUser },
        xml('item', item, actor, isKick ? reason : null),
        isKick ? status(MUC_STATUS.kicked) : null,
        isSelf ? status(MUC_STATUS.selfPresence) : null,
        why.kind === 'destroyed' ? xml('destroy', {}, reason) : null,
      );
      const attrs = { ...FROM(room, occupant.nick, to), type: 'unavailable' };
      return xml('presence', attrs, ...stamps(room, occupant), x);
    },
    greetings(room: MucRoom, occupant: Occupant) {
      const { jid } = occupant.session;
      return { before: [metadata(room, jid)], after: [...speakerStats(room, jid), emptySubject(room, occupant)] };
    },
    info: roomInfo,
  };
}

import { jingleOffer, jingleTermination } from '../focus/jingleSession';
import { sourceContents } from '../focus/jingleSources';
import { departurePresence, emptySubject, focusPresence, occupantPresence } from '../xmpp/mucPresence';
import type { MucRoom } from '../xmpp/mucRoom';
import { NS } from '../xmpp/namespaces';
import { shownPayload } from '../xmpp/relayRules';
import { type Element, iqResult, xml } from '../xmpp/stanza';
import type { ConferenceRequest, HubProfile, Refusal, Refused, SourceChange } from './hubProfile';

const SENTENCES: Readonly<Record<Refused['reason'], string>> = {
  tokenInvalid: 'The join token is not valid. Join the meeting again.',
  tokenExpired: 'The join token has expired. Join the meeting again.',
  tokenUsed: 'The join token has already been used. Join the meeting again.',
  stayOver: 'The stay that this join token was for is over. Join the meeting again.',
};

function refusal({ reason }: Refused): Refusal {
  return { text: SENTENCES[reason], closesStream: true };
}

/** Without `urn:xmpp:ping` a client reports a broken server. */
const SERVER_FEATURES = [NS.ping, NS.discoInfo, NS.externalServices, NS.externalServices1];

const ROOM_FEATURES = [NS.muc, 'muc_unsecured', 'muc_nonanonymous', 'muc_open', 'muc_temporary'];

function features(names: readonly string[]): Element[] {
  return names.map((feature) => xml('feature', { var: feature }));
}

function roomInfo(room: MucRoom): Element[] {
  const field = (name: string, value: string, type?: string) =>
    xml('field', { var: name, type }, xml('value', {}, value));
  const form = xml(
    'x',
    { xmlns: NS.dataForms, type: 'result' },
    field('FORM_TYPE', 'http://jabber.org/protocol/muc#roominfo', 'hidden'),
    field('muc#roominfo_meetingId', room.id),
  );
  const identity = xml('identity', { category: 'conference', type: 'text', name: room.name });
  return [identity, ...features(ROOM_FEATURES), form];
}

function answer({ request, conference, focusJid }: ConferenceRequest): Element {
  const attrs = { xmlns: NS.focus, ready: 'true', focusjid: focusJid, room: conference.attrs['room'] };
  return iqResult(request, xml('conference', attrs, xml('property', { name: 'authentication', value: 'false' })));
}

function sourceChange({ action, sources, sessionId, initiator }: SourceChange): Element {
  return xml('jingle', { xmlns: NS.jingle, action, initiator, sid: sessionId }, ...sourceContents(sources));
}

/** The hub as Parley's own Jitsi: SPEC.md up to "As a stock Jitsi". */
export const PARLEY_PROFILE: HubProfile = {
  limits: {},
  knowsStays: true,
  stream: {
    managementVersions: [NS.streamManagement],
    enabledAttrs: {},
    opensOncePerToken: true,
    resumesByAddress: false,
    listsServices: true,
    features: () => [xml('bind', { xmlns: NS.bind }), xml('sm', { xmlns: NS.streamManagement })],
    refusal,
    admit: (admitted) => admitted,
    serverInfo: () => [
      xml('identity', { category: 'server', type: 'im', name: 'Parley' }),
      ...features(SERVER_FEATURES),
    ],
  },
  rooms: {
    isOpenedByFocus: false,
    holdsPersonOnce: true,
    showsBridges: false,
    shownPayload,
    focusPresence,
    occupantPresence,
    departurePresence,
    greetings: (room, occupant) => ({ before: [], after: [emptySubject(room, occupant)] }),
    info: roomInfo,
  },
  focus: {
    minParticipants: 1,
    asksFeatures: false,
    owners: 'none',
    keepsRemovedSources: true,
    replacesLostMedia: true,
    restartLimit: null,
    answer,
    initiator: (roomJid) => `${roomJid}/focus`,
    offer: jingleOffer,
    termination: jingleTermination,
    sourceChange,
  },
  bridge: { startsSctp: true, takesAnyChannel: false, unconnectedMaxMs: null, privateExtensions: [] },
};

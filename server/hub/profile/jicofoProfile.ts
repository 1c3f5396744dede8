import { randomUUID } from 'node:crypto';
import type { TokenFault } from '@/lib/core/admission';
import { NS } from '../xmpp/namespaces';
import { type Element, iqError, iqResult, xml } from '../xmpp/stanza';
import type { ConferenceRequest, FocusDialect, HubProfile, Refusal, Refused } from './hubProfile';
import { PRIVATE_EXTENSIONS, stockOffer, stockTermination } from './stockOffer';
import { stockRooms } from './stockRooms';
import { stockSourceChange } from './stockSources';

/** What deployments of the real Jitsi differ in. */
export interface JicofoVariant {
  /** Whether Prosody loads mod_presence_identity; stock docker-jitsi-meet does not. */
  readonly identity: boolean;
  /** Whether Jicofo checks tokens itself (`JICOFO_ENABLE_AUTH`). */
  readonly checksTokens: boolean;
  /** By default the first one, or everybody where Jicofo checks tokens itself. */
  readonly owners: FocusDialect['owners'] | null;
  /** Whether offers name the bridge's own sources. */
  readonly bridgeSources: boolean;
}

/** docker-jitsi-meet as it comes. */
const STOCK_JICOFO: JicofoVariant = { identity: false, checksTokens: false, owners: null, bridgeSources: true };

function seconds(value: number): string {
  return value.toFixed(1);
}

/** The words of Prosody's mod_auth_token; null where it never answers. */
function words(fault: TokenFault): string | null {
  switch (fault.kind) {
    case 'missing':
      return 'token required';
    case 'signature':
      return 'Invalid signature';
    case 'expired':
      return `Not acceptable by exp (${seconds(fault.sinceS)} sec since expired, valid for:${seconds(fault.lifeS)} sec)`;
    case 'notYet':
      return 'Not acceptable by nbf';
    case 'issuer':
      return "invalid 'iss' claim";
    case 'audience':
      return "invalid 'aud' claim";
    case 'room':
      return null;
  }
}

function refusal({ fault = { kind: 'signature' } }: Refused): Refusal {
  return { text: words(fault), closesStream: false };
}

function optional(name: string, xmlns: string): Element {
  return xml(name, { xmlns }, xml('optional'));
}

function streamFeatures(): Element[] {
  const caps = { xmlns: NS.caps, hash: 'sha-1', node: 'http://prosody.im', ver: 'oZAU3bTu/wOPsn2UeWtbiL4Vb2o=' };
  return [
    optional('sm', NS.streamManagement2),
    optional('sm', NS.streamManagement),
    xml('ver', { xmlns: 'urn:xmpp:features:rosterver' }),
    xml('c', caps),
    xml('sub', { xmlns: 'urn:xmpp:features:pre-approval' }),
    xml('bind', { xmlns: NS.bind }, xml('required')),
    optional('session', NS.session),
  ];
}

/** Jitsi's Prosody modules, by the type of their component. */
const COMPONENTS = {
  conference_duration: 'conferenceduration',
  room_metadata: 'metadata',
  end_conference: 'endconference',
  speakerstats: 'speakerstats',
  av_moderation: 'avmoderation',
} as const;

const SERVER_FEATURES = [
  'jabber:iq:private',
  NS.ping,
  NS.discoInfo,
  NS.discoItems,
  'jabber:iq:version',
  'jabber:iq:roster',
];

function serverInfo(domain: string): Element[] {
  const components = Object.entries(COMPONENTS).map(([type, host]) =>
    xml('identity', { name: `${host}.${domain}`, category: 'component', type }),
  );
  const server = xml('identity', { name: 'Prosody', category: 'server', type: 'im' });
  return [...components, server, ...SERVER_FEATURES.map((feature) => xml('feature', { var: feature }))];
}

function property(name: string, value: boolean): Element {
  return xml('property', { name, value: String(value) });
}

function bareOf(jid: string): string {
  return jid.split('/')[0] ?? jid;
}

function conferenceAnswer({ request, conference, jid, focusJid }: ConferenceRequest, checksTokens: boolean): Element {
  const attrs = { xmlns: NS.focus, room: conference.attrs['room'], focusjid: focusJid, ready: 'true' };
  const visitors = property('visitors-supported', false);
  if (!checksTokens) return iqResult(request, xml('conference', attrs, property('authentication', false), visitors));
  if (!conference.attrs['machine-uid']) {
    const text = xml('text', { xmlns: NS.stanzaErrors }, "Missing mandatory attribute 'machine-uid'");
    return iqError(request, 'not-acceptable', text);
  }
  const session = { 'session-id': randomUUID(), identity: bareOf(jid) };
  const properties = [property('authentication', true), property('externalAuth', true), visitors];
  return iqResult(request, xml('conference', { ...attrs, ...session }, ...properties));
}

/** The hub as a stock Jitsi: SPEC.md, "As a stock Jitsi". */
export function jicofoProfile(variant: Partial<JicofoVariant> = {}): HubProfile {
  const { identity, checksTokens, owners, bridgeSources } = { ...STOCK_JICOFO, ...variant };
  return {
    // A dead session holds its place for a minute (`smacks_hibernation_time`).
    limits: { resumeWindowMs: 60_000 },
    knowsStays: false,
    stream: {
      managementVersions: [NS.streamManagement, NS.streamManagement2],
      enabledAttrs: { max: '60' },
      opensOncePerToken: false,
      resumesByAddress: true,
      listsServices: false,
      features: streamFeatures,
      refusal,
      // A deployment knows no spectators: everybody may send.
      admit: (admitted) => ({ ...admitted, role: 'participant' }),
      serverInfo,
    },
    rooms: stockRooms(identity),
    focus: {
      minParticipants: 2,
      asksFeatures: true,
      owners: owners ?? (checksTokens ? 'everybody' : 'first'),
      keepsRemovedSources: false,
      replacesLostMedia: false,
      restartLimit: { leastPauseMs: 5_000, perMinuteMax: 5 },
      answer: (asked) => conferenceAnswer(asked, checksTokens),
      initiator: (_roomJid, focusJid) => `${focusJid}/focus`,
      offer: (details) => stockOffer(details, bridgeSources),
      termination: stockTermination,
      sourceChange: stockSourceChange,
    },
    bridge: {
      startsSctp: false,
      takesAnyChannel: true,
      unconnectedMaxMs: 147_000,
      privateExtensions: PRIVATE_EXTENSIONS,
    },
  };
}

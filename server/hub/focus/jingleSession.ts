import { isIP } from 'node:net';
import type { IceCandidate, MediaKind, TransportParameters } from '../media/mediaContract';
import { NS } from '../xmpp/namespaces';
import { type Element, xml } from '../xmpp/stanza';
import { bridgeSource, sourceElements } from './jingleSources';
import type { SourceSet } from './sources';

/** What an offer contains. */
export interface OfferDetails {
  readonly sessionId: string;
  /** `room/focus`. */
  readonly initiator: string;
  readonly channel: ChannelOffer;
  readonly bridgeSessionId: string;
  /** The hub's side of the media connection. */
  readonly transport: TransportParameters;
  /** The sources of the other members. */
  readonly sources: SourceSet;
  /** Features of the client, where it was asked for them. */
  readonly features: ReadonlySet<string>;
}

function payloadType(
  id: number,
  name: string,
  clockRateHz: number,
  attrs: Record<string, string>,
  ...children: Element[]
): Element {
  return xml('payload-type', { id: String(id), name, clockrate: String(clockRateHz), ...attrs }, ...children);
}

function feedback(type: string, subtype?: string): Element {
  return xml('rtcp-fb', { xmlns: NS.rtcpFeedback, type, subtype });
}

function parameter(name: string, value: string): Element {
  return xml('parameter', { name, value });
}

function videoFeedback(): Element[] {
  return [feedback('ccm', 'fir'), feedback('nack'), feedback('nack', 'pli'), feedback('goog-remb')];
}

function audioDescription(sources: SourceSet): Element {
  return xml(
    'description',
    { xmlns: NS.rtp, media: 'audio', maxptime: '60' },
    payloadType(111, 'opus', 48_000, { channels: '2' }, parameter('minptime', '10'), parameter('useinbandfec', '1')),
    payloadType(126, 'telephone-event', 8_000, {}),
    xml('rtp-hdrext', { xmlns: NS.rtpHeaderExtension, id: '1', uri: 'urn:ietf:params:rtp-hdrext:ssrc-audio-level' }),
    xml('rtcp-mux'),
    bridgeSource('audio'),
    ...sourceElements(sources, 'audio'),
  );
}

function videoDescription(sources: SourceSet): Element {
  return xml(
    'description',
    { xmlns: NS.rtp, media: 'video' },
    payloadType(100, 'VP8', 90_000, {}, ...videoFeedback()),
    payloadType(96, 'rtx', 90_000, {}, parameter('apt', '100'), ...videoFeedback()),
    xml('rtcp-mux'),
    bridgeSource('video'),
    ...sourceElements(sources, 'video'),
  );
}

function dataDescription(): Element {
  return xml('description', { xmlns: NS.rtp, media: 'application' });
}

function content(name: MediaKind | 'data', description: Element, transport: Element): Element {
  return xml('content', { creator: 'initiator', name, senders: 'both' }, description, transport);
}

function contents({ channel, transport, sources }: OfferDetails): Element[] {
  const offered = (isData: boolean) => transportElement(transport, channel, isData);
  const media = [
    content('audio', audioDescription(sources), offered(false)),
    content('video', videoDescription(sources), offered(false)),
  ];
  return channel === 'datachannel' ? [...media, content('data', dataDescription(), offered(true))] : media;
}

/**
 * The focus's `session-initiate`. Audio and video are always described, because clients of 2022 require both; without a
 * candidate no media connection is ever attempted. A `data` content, as Jicofo writes it, makes the client open a data
 * channel.
 */
export function jingleOffer(details: OfferDetails): Element {
  const { sessionId, initiator, bridgeSessionId } = details;
  const offered = contents(details);
  return xml(
    'jingle',
    { xmlns: NS.jingle, action: 'session-initiate', initiator, sid: sessionId },
    ...offered,
    xml(
      'group',
      { xmlns: NS.jingleGrouping, semantics: 'BUNDLE' },
      ...offered.map(({ attrs }) => xml('content', { name: attrs['name'] })),
    ),
    xml('bridge-session', { xmlns: NS.focus, id: bridgeSessionId, region: 'local' }),
  );
}

/** The focus's `session-terminate`. */
export function jingleTermination(sessionId: string, initiator: string): Element {
  return xml(
    'jingle',
    { xmlns: NS.jingle, action: 'session-terminate', initiator, sid: sessionId },
    xml('reason', {}, xml('expired')),
  );
}

/** Port and protocol of the data channels in SDP (RFC 8841); streams as Jicofo writes it. */
const SCTP = { number: '5000', protocol: 'webrtc-datachannel', streams: '1024' } as const;

/** RFC 8839, 5.4: lengths and characters of ICE credentials. */
const UFRAG = /^[\w+/=-]{4,256}$/;
const PASSWORD = /^[\w+/=-]{22,256}$/;

/** RFC 8122, 5. */
const FINGERPRINT = /^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){15,63}$/;
const HASHES = new Set(['sha-1', 'sha-224', 'sha-256', 'sha-384', 'sha-512']);

const SETUPS = ['actpass', 'active', 'passive'] as const;
const TYPES = ['host', 'srflx', 'prflx', 'relay'] as const;
const FOUNDATION = /^[\w+/=-]{1,64}$/;
const DECIMAL = /^\d{1,10}$/;
const UINT32_MAX = 0xffff_ffff;
const PORT_MAX = 65_535;
const COMPONENT_MAX = 256;

function candidateElement(candidate: IceCandidate, index: number): Element {
  const { foundation, component, ip, port, priority, type, protocol = 'udp' } = candidate;
  return xml('candidate', {
    id: `c${index}`,
    foundation,
    component: String(component),
    generation: '0',
    network: '0',
    protocol,
    tcptype: protocol === 'tcp' ? 'passive' : undefined,
    ip,
    port: String(port),
    priority: String(priority),
    type,
  });
}

/** The bridge channel on offer: a WebSocket at this address, or a data channel in the media connection. */
export type ChannelOffer = { readonly webSocketUrl: string } | 'datachannel';

/** The hub's transport (XEP-0176, XEP-0320), the same in every content of an offer. */
function transportElement(local: TransportParameters, channel: ChannelOffer, isData: boolean): Element {
  const { ufrag, password, fingerprint, setup, candidates } = local;
  return xml(
    'transport',
    { xmlns: NS.iceUdp, ufrag, pwd: password },
    channel === 'datachannel' ? null : xml('web-socket', { xmlns: NS.colibri, url: channel.webSocketUrl }),
    isData ? xml('sctpmap', { xmlns: NS.sctp, ...SCTP }) : null,
    xml('rtcp-mux'),
    xml('fingerprint', { xmlns: NS.dtls, hash: fingerprint.hash, setup }, fingerprint.value),
    ...candidates.map(candidateElement),
  );
}

function readNumber(text: string | undefined, least: number, most: number): number | null {
  if (text === undefined || !DECIMAL.test(text)) return null;
  const value = Number(text);
  return value >= least && value <= most ? value : null;
}

function readCandidate({ attrs }: Element): IceCandidate | null {
  const component = readNumber(attrs['component'], 1, COMPONENT_MAX);
  const port = readNumber(attrs['port'], 1, PORT_MAX);
  const priority = readNumber(attrs['priority'], 0, UINT32_MAX);
  const type = TYPES.find((known) => known === attrs['type']);
  const { foundation = '', ip = '' } = attrs;
  if (component === null || port === null || priority === null || !type) return null;
  return FOUNDATION.test(foundation) && isIP(ip) ? { foundation, component, ip, port, priority, type } : null;
}

/** Whether a candidate cannot be used here: TCP, or a name that only the client's network knows (mDNS). */
function isPointless({ attrs }: Element): boolean {
  return attrs['protocol']?.toLowerCase() !== 'udp' || (attrs['ip'] ?? '').endsWith('.local');
}

function candidateElements(jingle: Element): Element[] {
  return jingle
    .getChildren('content')
    .flatMap((content) => content.getChildren('transport', NS.iceUdp))
    .flatMap((transport) => transport.getChildren('candidate'))
    .filter((element) => !isPointless(element));
}

/** A client's candidates, each once, and how many were invalid. */
export interface CandidatesRead {
  readonly candidates: readonly IceCandidate[];
  readonly refused: number;
}

/** The candidates in a client's `session-accept` or `transport-info`. Never throws. */
export function readCandidates(jingle: Element): CandidatesRead {
  const byAddress = new Map<string, IceCandidate>();
  let refused = 0;
  for (const element of candidateElements(jingle)) {
    const candidate = readCandidate(element);
    if (candidate) byAddress.set(`${candidate.component} ${candidate.ip} ${candidate.port}`, candidate);
    else refused += 1;
  }
  return { candidates: [...byAddress.values()], refused };
}

function readTransport(transport: Element): Omit<TransportParameters, 'candidates'> | null {
  const { ufrag = '', pwd = '' } = transport.attrs;
  const fingerprint = transport.getChild('fingerprint', NS.dtls);
  const hash = fingerprint?.attrs['hash']?.toLowerCase() ?? '';
  const value = fingerprint?.getText().trim() ?? '';
  const setup = SETUPS.find((known) => known === fingerprint?.attrs['setup']);
  if (!UFRAG.test(ufrag) || !PASSWORD.test(pwd) || !setup) return null;
  if (!HASHES.has(hash) || !FINGERPRINT.test(value)) return null;
  return { ufrag, password: pwd, fingerprint: { hash, value: value.toUpperCase() }, setup };
}

/** The client's side of the bundle's transport, without candidates; null if there is no valid one. Never throws. */
export function readRemoteTransport(jingle: Element): TransportParameters | null {
  for (const content of jingle.getChildren('content')) {
    const transport = content.getChild('transport', NS.iceUdp);
    const read = transport ? readTransport(transport) : null;
    if (read) return { ...read, candidates: [] };
  }
  return null;
}

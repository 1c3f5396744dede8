import type { OfferDetails } from '../focus/jingleSession';
import type { IceCandidate, MediaKind } from '../media/mediaContract';
import { NS } from '../xmpp/namespaces';
import { type Element, xml } from '../xmpp/stanza';
import { type OfferedSources, offeredSources } from './stockSources';

/** RTP header extensions that Jicofo offers, by id. */
const EXTENSIONS: Readonly<Record<number, string>> = {
  1: 'urn:ietf:params:rtp-hdrext:ssrc-audio-level',
  3: 'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  5: 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  10: 'urn:ietf:params:rtp-hdrext:sdes:mid',
  11: 'https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension',
};

/** Those that mean something on one connection only: send time, sequence number, and the medium in one's own SDP. */
export const PRIVATE_EXTENSIONS = [3, 5, 10] as const;

/** A video codec and its retransmissions, by payload type. */
interface VideoCodec {
  readonly name: string;
  readonly id: number;
  readonly rtxId: number;
}

/** In Jicofo's order. */
const CODECS: readonly VideoCodec[] = [
  { name: 'AV1', id: 41, rtxId: 42 },
  { name: 'VP8', id: 100, rtxId: 96 },
  { name: 'H264', id: 107, rtxId: 99 },
  { name: 'VP9', id: 101, rtxId: 97 },
];

/** Written as one parameter, as Jicofo does. */
const H264_PROFILE = '42e01f;level-asymmetry-allowed=1;packetization-mode=1;';

function feedback(type: string, subtype?: string): Element {
  return xml('rtcp-fb', { xmlns: NS.rtcpFeedback, type, subtype });
}

function parameter(name: string, value: string): Element {
  return xml('parameter', { name, value });
}

const repair = () => [feedback('ccm', 'fir'), feedback('nack'), feedback('nack', 'pli')];

function extensions(...ids: number[]): Element[] {
  const listed = ids.map((id) =>
    xml('rtp-hdrext', { xmlns: NS.rtpHeaderExtension, id: String(id), uri: EXTENSIONS[id] }),
  );
  return [...listed, xml('extmap-allow-mixed', { xmlns: NS.rtpHeaderExtension })];
}

function payloadType(id: number, name: string, clockRateHz: number, channels: string | undefined, ...rest: Element[]) {
  return xml('payload-type', { id: String(id), name, clockrate: String(clockRateHz), channels }, ...rest);
}

function audioDescription(sources: OfferedSources): Element {
  const opus = [parameter('minptime', '10'), parameter('useinbandfec', '1'), feedback('transport-cc')];
  return xml(
    'description',
    { xmlns: NS.rtp, media: 'audio', maxptime: '60' },
    payloadType(111, 'opus', 48_000, '2', ...opus),
    payloadType(126, 'telephone-event', 8_000, undefined),
    ...extensions(1, 10, 5),
    xml('rtcp-mux'),
    ...sources.inDescription('audio'),
  );
}

function codec({ name, id }: VideoCodec): Element {
  const profile = name === 'H264' ? [parameter('profile-level-id', H264_PROFILE)] : [];
  return payloadType(id, name, 90_000, undefined, ...repair(), feedback('transport-cc'), ...profile);
}

/** Of H264, Jicofo offers retransmissions without feedback. */
function retransmission({ name, id, rtxId }: VideoCodec): Element {
  const rest = name === 'H264' ? [] : repair();
  return payloadType(rtxId, 'rtx', 90_000, undefined, parameter('apt', String(id)), ...rest);
}

function videoDescription(sources: OfferedSources): Element {
  return xml(
    'description',
    { xmlns: NS.rtp, media: 'video' },
    ...CODECS.map(codec),
    ...CODECS.map(retransmission),
    ...extensions(11, 10, 3, 5),
    xml('rtcp-mux'),
    ...sources.inDescription('video'),
  );
}

function dataDescription(): Element {
  return xml('description', { xmlns: NS.rtp, media: 'application' }, xml('rtcp-mux'));
}

function candidateElement({ ip, port, component, foundation, priority, type }: IceCandidate, index: number): Element {
  return xml('candidate', {
    id: `${foundation}${index}${port}`,
    generation: '0',
    component: String(component),
    foundation,
    network: '0',
    protocol: 'udp',
    ip,
    port: String(port),
    priority: String(priority),
    type,
  });
}

function transport({ channel, transport: local }: OfferDetails, isData: boolean): Element {
  const { ufrag, password, fingerprint, setup, candidates } = local;
  const { hash, value } = fingerprint;
  return xml(
    'transport',
    { xmlns: NS.iceUdp, ufrag, pwd: password },
    channel === 'datachannel' ? null : xml('web-socket', { xmlns: NS.colibri, url: channel.webSocketUrl }),
    xml('rtcp-mux'),
    xml('fingerprint', { xmlns: NS.dtls, hash, setup, cryptex: 'false', required: 'false' }, value),
    isData ? xml('sctpmap', { xmlns: NS.sctp, number: '5000', protocol: 'webrtc-datachannel', streams: '1024' }) : null,
    // A stock bridge listens on no TCP port.
    ...candidates.filter(({ protocol }) => protocol !== 'tcp').map(candidateElement),
  );
}

function content(details: OfferDetails, name: MediaKind | 'data', description: Element): Element {
  const inner = transport(details, name === 'data');
  return xml('content', { creator: 'initiator', name, senders: 'both' }, description, inner);
}

/** Jicofo's `session-initiate`, with the bridge's own sources or without. */
export function stockOffer(details: OfferDetails, withBridgeSources: boolean): Element {
  const sources = offeredSources(details.sources, details.features, withBridgeSources);
  const contents = [
    content(details, 'audio', audioDescription(sources)),
    content(details, 'video', videoDescription(sources)),
    content(details, 'data', dataDescription()),
  ];
  const bundle = contents.map(({ attrs }) => xml('content', { name: attrs['name'] }));
  return xml(
    'jingle',
    { xmlns: NS.jingle, action: 'session-initiate', initiator: details.initiator, sid: details.sessionId },
    ...contents,
    xml('group', { xmlns: NS.jingleGrouping, semantics: 'BUNDLE' }, ...bundle),
    xml('bridge-session', { xmlns: NS.focus, id: details.bridgeSessionId }),
    sources.message,
    xml('traceparent', {
      xmlns: 'jitsi:opentelemetry',
      parent_id: '0'.repeat(16),
      trace_flags: '00',
      trace_id: '0'.repeat(32),
    }),
  );
}

/** Jicofo's `session-terminate` of somebody who is alone. */
export function stockTermination(sessionId: string, initiator: string): Element {
  return xml(
    'jingle',
    { xmlns: NS.jingle, action: 'session-terminate', initiator, sid: sessionId },
    xml('reason', {}, xml('expired'), xml('text', {}, 'Idle session timeout')),
  );
}

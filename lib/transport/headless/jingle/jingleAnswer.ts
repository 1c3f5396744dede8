import { randomBytes } from 'node:crypto';
import { AUDIO_LEVEL_URI, type Element, NS, xml } from '../element';
import type { ContentKind, JingleOffer, OfferedCandidate, OfferedVideo } from './jingleOffer';

/** The local side of the media connection. */
export interface OwnTransport {
  readonly ufrag: string;
  readonly password: string;
  readonly fingerprint: { readonly hash: string; readonly value: string };
  readonly candidates: readonly OfferedCandidate[];
}

/** The local voice, as announced. */
export interface OwnVoice {
  readonly ssrc: number;
  /** `ENDPOINT-a0`. */
  readonly sourceName: string;
}

/** What an answer contains. */
interface AnswerParts {
  /** The local full JID. */
  readonly responder: string;
  readonly transport: OwnTransport;
  /** Null if no voice is ever sent. */
  readonly voice: OwnVoice | null;
  /** Whether shared screens are received. */
  readonly hearsScreens: boolean;
}

/** Random credentials for clients that use only the bridge channel: without a candidate nothing ever connects. */
export function inventTransport(): OwnTransport {
  const octets = [...randomBytes(32)].map((octet) => octet.toString(16).padStart(2, '0').toUpperCase());
  return {
    ufrag: randomBytes(4).toString('hex'),
    password: randomBytes(12).toString('hex'),
    fingerprint: { hash: 'sha-256', value: octets.join(':') },
    candidates: [],
  };
}

/** The `session-accept` that answers `offer`. The local side is the DTLS client, as in every Jitsi client. */
export function sessionAccept(offer: JingleOffer, parts: AnswerParts): Element {
  return xml(
    'jingle',
    {
      xmlns: NS.jingle,
      action: 'session-accept',
      initiator: offer.initiator,
      responder: parts.responder,
      sid: offer.sessionId,
    },
    ...offer.contents.map(({ name, kind }) => contentOf(name, kind, offer, parts)),
    xml(
      'group',
      { xmlns: NS.jingleGrouping, semantics: 'BUNDLE' },
      ...offer.contents.map(({ name }) => xml('content', { name })),
    ),
  );
}

/** Asks the focus for a fresh session: the media connection has failed. */
export function restartRequest(offer: JingleOffer): Element {
  return xml(
    'jingle',
    { xmlns: NS.jingle, action: 'session-terminate', sid: offer.sessionId },
    xml('reason', {}, xml('connectivity-error')),
    xml('bridge-session', { xmlns: NS.focus, id: offer.bridgeSessionId, restart: 'true' }),
  );
}

function contentOf(name: string, kind: ContentKind, offer: JingleOffer, parts: AnswerParts): Element {
  const senders = kind === 'video' || (kind === 'audio' && !parts.voice) ? 'initiator' : 'both';
  return xml(
    'content',
    { creator: 'initiator', name, senders },
    descriptionOf(kind, offer, parts),
    transportOf(kind, offer, parts.transport),
  );
}

function descriptionOf(kind: ContentKind, offer: JingleOffer, { voice, hearsScreens }: AnswerParts): Element {
  if (kind === 'data') return xml('description', { xmlns: NS.sctp });
  if (kind === 'video' && hearsScreens && offer.video) return screenDescription(offer.video);
  if (kind === 'video' || !offer.audio) return xml('description', { xmlns: NS.rtp, media: kind }, xml('rtcp-mux'));
  const { opusPayloadType, audioLevelExtensionId } = offer.audio;
  const description = xml(
    'description',
    { xmlns: NS.rtp, media: 'audio' },
    xml('payload-type', { id: String(opusPayloadType), name: 'opus', clockrate: '48000', channels: '2' }),
  );
  if (audioLevelExtensionId !== null) {
    const id = String(audioLevelExtensionId);
    description.append(xml('rtp-hdrext', { xmlns: NS.rtpHeaderExtension, id, uri: AUDIO_LEVEL_URI }));
  }
  description.append(xml('rtcp-mux'));
  if (voice) description.append(sourceOf(voice));
  return description;
}

/** VP8 alone, whose lost pictures are asked for again as keyframes. */
function screenDescription({ vp8PayloadType }: OfferedVideo): Element {
  const feedback = (type: string, subtype: string) => xml('rtcp-fb', { xmlns: NS.rtcpFeedback, type, subtype });
  const attrs = { id: String(vp8PayloadType), name: 'VP8', clockrate: '90000' };
  const vp8 = xml('payload-type', attrs, feedback('ccm', 'fir'), feedback('nack', 'pli'));
  return xml('description', { xmlns: NS.rtp, media: 'video' }, vp8, xml('rtcp-mux'));
}

function sourceOf({ ssrc, sourceName }: OwnVoice): Element {
  const parameter = (name: string, value: string) => xml('parameter', { name, value });
  return xml(
    'source',
    { xmlns: NS.sources, ssrc: String(ssrc), name: sourceName },
    parameter('cname', sourceName),
    parameter('msid', `${sourceName}-stream ${sourceName}-track`),
  );
}

function transportOf(kind: ContentKind, offer: JingleOffer, own: OwnTransport): Element {
  const transport = xml('transport', { xmlns: NS.iceUdp, ufrag: own.ufrag, pwd: own.password });
  const { hash, value } = own.fingerprint;
  transport.append(xml('fingerprint', { xmlns: NS.dtls, hash, setup: 'active' }, value));
  if (kind === 'data') {
    const number = String(offer.sctpPort);
    transport.append(xml('sctpmap', { xmlns: NS.sctp, number, protocol: 'webrtc-datachannel', streams: '1024' }));
  }
  if (kind !== 'data') transport.append(xml('rtcp-mux'));
  own.candidates.forEach((candidate, index) => {
    transport.append(candidateOf(candidate, index));
  });
  return transport;
}

function candidateOf({ foundation, component, ip, port, priority, type }: OfferedCandidate, index: number): Element {
  return xml('candidate', {
    id: `own-${index}`,
    foundation,
    component: String(component),
    ip,
    port: String(port),
    priority: String(priority),
    protocol: 'udp',
    type,
    generation: '0',
    network: '0',
  });
}

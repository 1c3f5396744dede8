import { randomBytes } from 'node:crypto';
import { type Element, xml } from '../xmpp/element';
import { NS } from '../xmpp/namespaces';

/** What an offer is made of. */
export interface OfferDetails {
  readonly sessionId: string;
  /** `room/focus`. */
  readonly initiator: string;
  /** Address of the bridge channel's WebSocket. */
  readonly channelUrl: string;
  readonly bridgeSessionId: string;
}

/** SSRCs of the bridge's own two sources. Clients of 2022 throw without them; nothing is ever sent on them. */
const BRIDGE_SSRC = { audio: '1000001', video: '1000002' } as const;

type Media = keyof typeof BRIDGE_SSRC;

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
  return [feedback('ccm', 'fir'), feedback('nack'), feedback('nack', 'pli')];
}

function bridgeSource(media: Media): Element {
  return xml(
    'source',
    { xmlns: NS.sources, ssrc: BRIDGE_SSRC[media], name: `jvb-${media[0]}0` },
    parameter('msid', `mixedmslabel mixedlabel${media}0`),
    xml('ssrc-info', { xmlns: NS.jitsiMeet, owner: 'jvb' }),
  );
}

function audioDescription(): Element {
  return xml(
    'description',
    { xmlns: NS.rtp, media: 'audio', maxptime: '60' },
    payloadType(111, 'opus', 48_000, { channels: '2' }, parameter('minptime', '10'), parameter('useinbandfec', '1')),
    payloadType(126, 'telephone-event', 8_000, {}),
    xml('rtp-hdrext', { xmlns: NS.rtpHeaderExtension, id: '1', uri: 'urn:ietf:params:rtp-hdrext:ssrc-audio-level' }),
    xml('rtcp-mux'),
    bridgeSource('audio'),
  );
}

function videoDescription(): Element {
  return xml(
    'description',
    { xmlns: NS.rtp, media: 'video' },
    payloadType(100, 'VP8', 90_000, {}, ...videoFeedback()),
    payloadType(96, 'rtx', 90_000, {}, parameter('apt', '100'), ...videoFeedback()),
    xml('rtcp-mux'),
    bridgeSource('video'),
  );
}

/** ICE credentials and a DTLS fingerprint of nobody: without a candidate no client ever tries to connect to them. */
interface TransportSecrets {
  readonly ufrag: string;
  readonly password: string;
  readonly fingerprint: string;
}

function inventSecrets(): TransportSecrets {
  const octets = [...randomBytes(32)].map((octet) => octet.toString(16).padStart(2, '0').toUpperCase());
  return {
    ufrag: randomBytes(4).toString('hex'),
    password: randomBytes(12).toString('hex'),
    fingerprint: octets.join(':'),
  };
}

function transport(channelUrl: string, { ufrag, password, fingerprint }: TransportSecrets): Element {
  return xml(
    'transport',
    { xmlns: NS.iceUdp, ufrag, pwd: password },
    xml('web-socket', { xmlns: NS.colibri, url: channelUrl }),
    xml('rtcp-mux'),
    xml('fingerprint', { xmlns: NS.dtls, hash: 'sha-256', setup: 'actpass' }, fingerprint),
  );
}

/**
 * The focus' `session-initiate` for a conference that carries data only: audio and video are described, since clients
 * insist, but no candidate is offered, so that no media connection is ever attempted. The data goes over `channelUrl`.
 */
export function jingleOffer({ sessionId, initiator, channelUrl, bridgeSessionId }: OfferDetails): Element {
  const secrets = inventSecrets();
  const content = (media: Media, description: Element) =>
    xml('content', { creator: 'initiator', name: media, senders: 'both' }, description, transport(channelUrl, secrets));
  return xml(
    'jingle',
    { xmlns: NS.jingle, action: 'session-initiate', initiator, sid: sessionId },
    content('audio', audioDescription()),
    content('video', videoDescription()),
    xml(
      'group',
      { xmlns: NS.jingleGrouping, semantics: 'BUNDLE' },
      xml('content', { name: 'audio' }),
      xml('content', { name: 'video' }),
    ),
    xml('bridge-session', { xmlns: NS.focus, id: bridgeSessionId, region: 'local' }),
  );
}

/** The focus' `session-terminate`. */
export function jingleTermination(sessionId: string, initiator: string): Element {
  return xml(
    'jingle',
    { xmlns: NS.jingle, action: 'session-terminate', initiator, sid: sessionId },
    xml('reason', {}, xml('expired')),
  );
}

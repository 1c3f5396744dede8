import type { MediaKind, TransportParameters } from '../media/mediaContract';
import { type Element, xml } from '../xmpp/element';
import { NS } from '../xmpp/namespaces';
import { bridgeSource, sourceElements } from './jingleSources';
import { type ChannelOffer, transportElement } from './jingleTransport';
import type { SourceSet } from './sources';

/** What an offer is made of. */
export interface OfferDetails {
  readonly sessionId: string;
  /** `room/focus`. */
  readonly initiator: string;
  readonly channel: ChannelOffer;
  readonly bridgeSessionId: string;
  /** The hub's side of the media connection. */
  readonly transport: TransportParameters;
  /** What the others send. */
  readonly sources: SourceSet;
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
 * The focus' `session-initiate`. Audio and video are always described, since clients of 2022 insist; without a candidate
 * no media connection is ever attempted. A `data` content, as Jicofo writes it, makes the client open a data channel.
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

/** The focus' `session-terminate`. */
export function jingleTermination(sessionId: string, initiator: string): Element {
  return xml(
    'jingle',
    { xmlns: NS.jingle, action: 'session-terminate', initiator, sid: sessionId },
    xml('reason', {}, xml('expired')),
  );
}

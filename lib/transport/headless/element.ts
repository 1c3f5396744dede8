import { xml as createElement } from '@xmpp/client';

/** An XML element as @xmpp/client reads and writes it. */
export interface Element {
  readonly name: string;
  readonly attrs: Record<string, unknown>;
  getChild(name: string, xmlns?: string): Element | undefined;
  getChildren(name: string, xmlns?: string): Element[];
  getChildElements(): Element[];
  getText(): string;
  append(...nodes: (Element | string)[]): void;
  toString(): string;
}

/** Builds an element. Undefined attributes are left out. */
export const xml = createElement as unknown as (
  name: string,
  attrs?: Readonly<Record<string, string | undefined>>,
  ...children: (Element | string)[]
) => Element;

/** An attribute's text; '' if the element or the attribute is missing. */
export function attrOf(element: Element | undefined, name: string): string {
  const value = element?.attrs[name];
  return typeof value === 'string' ? value : '';
}

/** An attribute that holds a whole number from 0; null for anything else. */
export function countOf(element: Element | undefined, name: string): number | null {
  const text = attrOf(element, name);
  return /^\d{1,10}$/.test(text) ? Number(text) : null;
}

/** The text in an element, trimmed; '' if it is missing. */
export function textOf(element: Element | undefined): string {
  return element?.getText().trim() ?? '';
}

/** XML namespaces of the protocol, by the names its documents use. */
export const NS = {
  ping: 'urn:xmpp:ping',
  discoInfo: 'http://jabber.org/protocol/disco#info',
  caps: 'http://jabber.org/protocol/caps',
  muc: 'http://jabber.org/protocol/muc',
  mucUser: 'http://jabber.org/protocol/muc#user',
  occupantId: 'urn:xmpp:occupant-id:0',
  stanzaErrors: 'urn:ietf:params:xml:ns:xmpp-stanzas',
  focus: 'http://jitsi.org/protocol/focus',
  colibri: 'http://jitsi.org/protocol/colibri',
  jitsiMeet: 'http://jitsi.org/jitmeet',
  audioMuted: 'http://jitsi.org/jitmeet/audio',
  videoMuted: 'http://jitsi.org/jitmeet/video',
  jingle: 'urn:xmpp:jingle:1',
  jingleGrouping: 'urn:xmpp:jingle:apps:grouping:0',
  rtp: 'urn:xmpp:jingle:apps:rtp:1',
  rtpAudio: 'urn:xmpp:jingle:apps:rtp:audio',
  rtpVideo: 'urn:xmpp:jingle:apps:rtp:video',
  rtcpFeedback: 'urn:xmpp:jingle:apps:rtp:rtcp-fb:0',
  rtpHeaderExtension: 'urn:xmpp:jingle:apps:rtp:rtp-hdrext:0',
  sources: 'urn:xmpp:jingle:apps:rtp:ssma:0',
  iceUdp: 'urn:xmpp:jingle:transports:ice-udp:1',
  dtls: 'urn:xmpp:jingle:apps:dtls:0',
  sctp: 'urn:xmpp:jingle:transports:dtls-sctp:1',
} as const;

/** URI of the header extension for a packet's loudness (RFC 6464). */
export const AUDIO_LEVEL_URI = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level';

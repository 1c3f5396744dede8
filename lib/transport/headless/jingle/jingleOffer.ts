import { isIP } from 'node:net';
import { AUDIO_LEVEL_URI, attrOf, countOf, type Element, NS, textOf } from '../element';

/** An ICE candidate of the bridge, UDP only. */
export interface OfferedCandidate {
  readonly foundation: string;
  readonly component: number;
  readonly ip: string;
  readonly port: number;
  readonly priority: number;
  readonly type: 'host' | 'srflx' | 'prflx' | 'relay';
}

/** The bridge's side of the media connection. */
export interface OfferedTransport {
  readonly ufrag: string;
  readonly password: string;
  readonly fingerprint: { readonly hash: string; readonly value: string };
  readonly candidates: readonly OfferedCandidate[];
}

/** What a content of the offer is for. */
export type ContentKind = 'audio' | 'video' | 'data';

/** How the bridge expects voices. */
export interface OfferedAudio {
  readonly opusPayloadType: number;
  /** Id of the audio-level header extension; null if the offer has none. */
  readonly audioLevelExtensionId: number | null;
}

/** How the bridge forwards shared screens. */
export interface OfferedVideo {
  readonly vp8PayloadType: number;
}

/** The parts of a `session-initiate` that matter to a client without a webcam. */
export interface JingleOffer {
  readonly sessionId: string;
  readonly initiator: string;
  readonly bridgeSessionId: string;
  readonly contents: ReadonlyArray<{ readonly name: string; readonly kind: ContentKind }>;
  /** Address of the bridge channel's WebSocket; null if the channel is a data channel. */
  readonly channelUrl: string | null;
  /** Null if there is nothing to connect to. */
  readonly transport: OfferedTransport | null;
  readonly sctpPort: number;
  readonly audio: OfferedAudio | null;
  readonly video: OfferedVideo | null;
  readonly sources: readonly AnnouncedSource[];
}

/** One RTP source in the conference. */
export interface AnnouncedSource {
  readonly ssrc: number;
  /** Endpoint id; `jvb` for the bridge itself. */
  readonly owner: string;
}

const SSRC_MAX = 0xffff_ffff;
const SCTP_PORT = 5000;

/** Reads a `session-initiate`; null if it is none. Invalid parts are left out. Never throws. */
export function readOffer(jingle: Element): JingleOffer | null {
  const sessionId = attrOf(jingle, 'sid');
  const contents = jingle.getChildren('content');
  if (sessionId === '' || contents.length === 0) return null;
  const transports = contents.flatMap((content) => content.getChild('transport', NS.iceUdp) ?? []);
  return {
    sessionId,
    initiator: attrOf(jingle, 'initiator'),
    bridgeSessionId: attrOf(jingle.getChild('bridge-session', NS.focus), 'id'),
    contents: contents.map((content) => ({ name: attrOf(content, 'name'), kind: kindOf(content) })),
    channelUrl: channelUrlIn(transports),
    transport: transportIn(transports),
    sctpPort: sctpPortIn(transports),
    audio: audioIn(contents),
    video: videoIn(contents),
    sources: readSources(jingle),
  };
}

/** The sources that a `session-initiate`, `source-add` or `source-remove` names. Never throws. */
export function readSources(jingle: Element): AnnouncedSource[] {
  return jingle
    .getChildren('content')
    .flatMap((content) => content.getChild('description')?.getChildren('source') ?? [])
    .flatMap((source) => {
      const ssrc = countOf(source, 'ssrc');
      const owner = ownerOf(source);
      return ssrc === null || ssrc > SSRC_MAX || owner === '' ? [] : [{ ssrc, owner }];
    });
}

/** From `room@muc/endpoint` or the endpoint alone. Older bridges tell it only by the source's name. */
function ownerOf(source: Element): string {
  const owner = attrOf(source.getChild('ssrc-info'), 'owner');
  if (owner !== '') return owner.slice(owner.lastIndexOf('/') + 1);
  return /^([0-9a-f]{8})-[av]\d+$/.exec(attrOf(source, 'name'))?.[1] ?? '';
}

function kindOf(content: Element): ContentKind {
  const media = attrOf(content.getChild('description'), 'media') || attrOf(content, 'name');
  return media === 'audio' || media === 'video' ? media : 'data';
}

function channelUrlIn(transports: readonly Element[]): string | null {
  for (const transport of transports) {
    const url = attrOf(transport.getChild('web-socket', NS.colibri), 'url');
    if (/^wss?:\/\//.test(url) && URL.canParse(url)) return url;
  }
  return null;
}

/** The contents are bundled: the first transport with credentials stands for all. */
function transportIn(transports: readonly Element[]): OfferedTransport | null {
  for (const transport of transports) {
    const [ufrag, password] = [attrOf(transport, 'ufrag'), attrOf(transport, 'pwd')];
    const print = transport.getChild('fingerprint', NS.dtls);
    const fingerprint = { hash: attrOf(print, 'hash'), value: textOf(print) };
    const candidates = transport.getChildren('candidate').flatMap((candidate) => readCandidate(candidate) ?? []);
    const isUsable = ufrag !== '' && password !== '' && isFingerprint(fingerprint);
    if (isUsable && candidates.length > 0) return { ufrag, password, fingerprint, candidates };
  }
  return null;
}

function isFingerprint({ hash, value }: OfferedTransport['fingerprint']): boolean {
  return /^sha-(1|256|384|512)$/.test(hash) && /^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){15,63}$/.test(value);
}

/** Reads a `<candidate/>`; null for TCP, names (mDNS) and garbage. */
export function readCandidate(candidate: Element): OfferedCandidate | null {
  const ip = attrOf(candidate, 'ip');
  const port = countOf(candidate, 'port');
  const type = attrOf(candidate, 'type') || 'host';
  if (attrOf(candidate, 'protocol').toLowerCase() !== 'udp' || isIP(ip) === 0) return null;
  if (port === null || port < 1 || port > 65_535 || !isCandidateType(type)) return null;
  const foundation = attrOf(candidate, 'foundation') || '1';
  const component = countOf(candidate, 'component') ?? 1;
  return { foundation, component, ip, port, priority: countOf(candidate, 'priority') ?? 1, type };
}

function isCandidateType(type: string): type is OfferedCandidate['type'] {
  return type === 'host' || type === 'srflx' || type === 'prflx' || type === 'relay';
}

function sctpPortIn(transports: readonly Element[]): number {
  const maps = transports.flatMap((transport) => transport.getChild('sctpmap', NS.sctp) ?? []);
  const port = countOf(maps[0], 'number') ?? SCTP_PORT;
  return port >= 1 && port <= 65_535 ? port : SCTP_PORT;
}

function descriptionIn(contents: readonly Element[], kind: ContentKind): Element | undefined {
  return contents.find((content) => kindOf(content) === kind)?.getChild('description');
}

/** The payload type of a codec; null if it is not offered. */
function payloadTypeIn(description: Element | undefined, codec: string): number | null {
  const types = description?.getChildren('payload-type') ?? [];
  const id = countOf(
    types.find((type) => attrOf(type, 'name').toLowerCase() === codec),
    'id',
  );
  return id !== null && id <= 127 ? id : null;
}

function videoIn(contents: readonly Element[]): OfferedVideo | null {
  const vp8PayloadType = payloadTypeIn(descriptionIn(contents, 'video'), 'vp8');
  return vp8PayloadType === null ? null : { vp8PayloadType };
}

function audioIn(contents: readonly Element[]): OfferedAudio | null {
  const description = descriptionIn(contents, 'audio');
  const opusPayloadType = payloadTypeIn(description, 'opus');
  if (!description || opusPayloadType === null) return null;
  const extension = description.getChildren('rtp-hdrext').find(({ attrs }) => attrs['uri'] === AUDIO_LEVEL_URI);
  const id = countOf(extension, 'id');
  return { opusPayloadType, audioLevelExtensionId: id !== null && id >= 1 && id <= 14 ? id : null };
}

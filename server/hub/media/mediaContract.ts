import { ReasonedError } from '@/lib/core/reasonedError';
import type { ChannelSocket } from '../bridge/channelSocket';

export type MediaKind = 'audio' | 'video';

/** An ICE candidate as in Jingle (XEP-0176). */
export interface IceCandidate {
  readonly foundation: string;
  readonly component: number;
  readonly ip: string;
  readonly port: number;
  readonly priority: number;
  readonly type: 'host' | 'srflx' | 'prflx' | 'relay';
  /** `tcp`: the hub waits to be called (RFC 6544, passive). `udp` by default. */
  readonly protocol?: 'udp' | 'tcp';
}

/** One side's ICE credentials and DTLS fingerprint (XEP-0176, XEP-0320). */
export interface TransportParameters {
  readonly ufrag: string;
  readonly password: string;
  /** `hash` as in `sha-256`, `value` as in `AB:CD:..`. */
  readonly fingerprint: { readonly hash: string; readonly value: string };
  readonly setup: 'actpass' | 'active' | 'passive';
  /** Empty in data-only mode: there is nothing to connect to. */
  readonly candidates: readonly IceCandidate[];
}

/** One RTP source that an endpoint has announced (XEP-0339). */
export interface MediaSource {
  readonly ssrc: number;
  readonly kind: MediaKind;
}

/** The media connection of one endpoint. */
export interface MediaLink {
  readonly local: TransportParameters;
  /** Whether it was ever up. */
  readonly wasConnected: boolean;
  /** Takes the client's answer and starts to connect. */
  setRemote(remote: TransportParameters): void;
  /** Returns false if the candidate may not be tried. */
  addCandidate(candidate: IceCandidate): boolean;
  /** Sets all sources the endpoint has announced. RTP of any other SSRC is dropped and counted. */
  setSources(sources: readonly MediaSource[]): void;
  /** Ends it because it does not come through, as the client says. */
  giveUp(): void;
  /** Ends it without a word to the client, as a bridge that dies. */
  vanish(): void;
  /** Ends it at once. A second call does nothing. */
  close(): void;
}

/** What a data channel reports to the bridge. */
export interface ChannelListener {
  onFrame(data: Buffer, isBinary: boolean): void;
  onClose(): void;
}

/** A request to open a media connection. */
export interface MediaLinkRequest {
  readonly conferenceId: string;
  readonly endpointId: string;
  readonly personId: string;
  /** Whether what it sends is forwarded; a spectator only receives. */
  readonly maySend: boolean;
  /** Called when the connection has ended by itself: it never came up, or the client is gone. */
  onDead?(): void;
  /** Called when the client has opened its SCTP data channel. */
  onChannel(channel: ChannelSocket): ChannelListener;
}

/** The dominant speaker of a conference, and the previous ones, latest first. */
export interface SpeakerChange {
  readonly conferenceId: string;
  readonly dominantEndpointId: string;
  readonly previousEndpointIds: readonly string[];
}

/** Whether an endpoint that has something to send is reached by media. */
export interface ReachChange {
  readonly conferenceId: string;
  readonly endpointId: string;
  readonly isReached: boolean;
}

/** Counts since the hub started, and the current `open` and `connected`. */
export interface MediaStats {
  /** Media connections, up or not. */
  readonly open: number;
  /** Media connections whose DTLS is up. */
  readonly connected: number;
  readonly rtpPacketsIn: number;
  readonly rtpPacketsOut: number;
  readonly rtpBytesIn: number;
  readonly rtpBytesOut: number;
  /** Dropped packets by reason. */
  readonly rtpDropped: Readonly<Record<RtpDropReason, number>>;
}

/** `quietSpeaker`: more microphones are open than are forwarded. `slowReceiver`: the send queue to a receiver is full. */
const RTP_DROP_REASONS = [
  'spectator',
  'unannounced',
  'malformed',
  'quietSpeaker',
  'rateExceeded',
  'notConnected',
  'slowReceiver',
] as const;

export type RtpDropReason = (typeof RTP_DROP_REASONS)[number];

/** The port that is tried first if none is set: the one that Jitsi's bridges use. */
export const DEFAULT_MEDIA_PORT = 10_000;

/** Where media connections are bound, and which addresses clients are told. */
export interface MediaSettings {
  /** Addresses to bind, IPv4 or IPv6, e.g. `['127.0.0.1']`. Nothing else is bound. */
  readonly addresses: readonly string[];
  /** Those of `addresses` that take calls from this machine only. */
  readonly ownOnly?: readonly string[];
  /** The one port of all connections, UDP and TCP, at each address; 0 for any free one. */
  readonly port: number;
  /** Whether any free port will do if `port` is taken. */
  readonly mayFallBack: boolean;
  /** Addresses told to clients instead, if the hub is behind a 1:1 NAT. */
  readonly announcedAddresses: readonly string[] | null;
}

/**
 * `noFreePort`: the port is taken. `cannotBind`: an address is not this machine's, or not permitted.
 * `closed`: the router is closed. `noCertificate`: the DTLS certificate could not be created.
 */
type MediaErrorReason = 'noFreePort' | 'cannotBind' | 'closed' | 'noCertificate';

/** Why a media connection could not be opened. The message says what to do about it. */
export class MediaError extends ReasonedError<MediaErrorReason> {}

/** Counts forwarded and dropped packets. */
export class MediaCounters {
  rtpPacketsIn = 0;
  rtpPacketsOut = 0;
  rtpBytesIn = 0;
  rtpBytesOut = 0;
  private readonly dropped = Object.fromEntries(RTP_DROP_REASONS.map((reason) => [reason, 0])) as Record<
    RtpDropReason,
    number
  >;

  drop(reason: RtpDropReason): void {
    this.dropped[reason] += 1;
  }

  stats(open: number, connected: number): MediaStats {
    const { rtpPacketsIn, rtpPacketsOut, rtpBytesIn, rtpBytesOut } = this;
    return { open, connected, rtpPacketsIn, rtpPacketsOut, rtpBytesIn, rtpBytesOut, rtpDropped: { ...this.dropped } };
  }
}

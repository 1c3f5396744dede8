import { ReasonedError } from '@/lib/core/reasonedError';
import type { ChannelSocket } from '../bridge/channelSocket';

export type MediaKind = 'audio' | 'video';

/** An ICE candidate as Jingle writes it (XEP-0176). UDP only. */
export interface IceCandidate {
  readonly foundation: string;
  readonly component: number;
  readonly ip: string;
  readonly port: number;
  readonly priority: number;
  readonly type: 'host' | 'srflx' | 'prflx' | 'relay';
}

/** One side's ICE credentials and DTLS fingerprint (XEP-0176, XEP-0320). */
export interface TransportParameters {
  readonly ufrag: string;
  readonly password: string;
  /** `hash` as in `sha-256`, `value` as in `AB:CD:..`. */
  readonly fingerprint: { readonly hash: string; readonly value: string };
  readonly setup: 'actpass' | 'active' | 'passive';
  /** Empty where there is nothing to connect to: data-only mode. */
  readonly candidates: readonly IceCandidate[];
}

/** One RTP source that an endpoint has announced (XEP-0339). */
export interface MediaSource {
  readonly ssrc: number;
  readonly kind: MediaKind;
}

/** A media connection of one endpoint. */
export interface MediaLink {
  readonly local: TransportParameters;
  /** Takes the client's answer and begins to connect. */
  setRemote(remote: TransportParameters): void;
  addCandidate(candidate: IceCandidate): void;
  /** All sources the endpoint has announced by now; RTP of any other SSRC is dropped and counted. */
  setSources(sources: readonly MediaSource[]): void;
  /** Ends it at once; a second call does nothing. */
  close(): void;
}

/** What a data channel tells the bridge. */
export interface ChannelListener {
  onFrame(data: Buffer, isBinary: boolean): void;
  onClose(): void;
}

/** What a media connection is opened for. */
export interface MediaLinkRequest {
  readonly conferenceId: string;
  readonly endpointId: string;
  /** Whether what it sends is forwarded; a spectator only receives. */
  readonly maySend: boolean;
  /** Called when the client has opened its SCTP data channel. */
  onChannel(channel: ChannelSocket): ChannelListener;
}

/** Who speaks in a conference: the dominant speaker and those before, latest first. */
export interface SpeakerChange {
  readonly conferenceId: string;
  readonly dominantEndpointId: string;
  readonly previousEndpointIds: readonly string[];
}

/** Figures since the hub began, and of this moment (`connected`). */
export interface MediaStats {
  /** Media connections whose DTLS is up. */
  readonly connected: number;
  readonly rtpPacketsIn: number;
  readonly rtpPacketsOut: number;
  readonly rtpBytesIn: number;
  readonly rtpBytesOut: number;
  /** Packets thrown away, by reason. */
  readonly rtpDropped: Readonly<Record<RtpDropReason, number>>;
}

/** `quietSpeaker`: more microphones are open than are forwarded. `slowReceiver`: the way to a receiver is full. */
export const RTP_DROP_REASONS = [
  'spectator',
  'unannounced',
  'malformed',
  'quietSpeaker',
  'rateExceeded',
  'notConnected',
  'slowReceiver',
] as const;

export type RtpDropReason = (typeof RTP_DROP_REASONS)[number];

/** Where media connections are bound and what of it is told to clients. */
export interface MediaSettings {
  /** Addresses to bind, IPv4 or IPv6, e.g. `['127.0.0.1']`. Nothing else is bound. */
  readonly addresses: readonly string[];
  /** UDP ports `[first, last]`, one a connection and address; `null`: any free one. */
  readonly ports: readonly [number, number] | null;
  /** Addresses told to clients instead, where the hub is behind a 1:1 NAT. */
  readonly announcedAddresses: readonly string[] | null;
}

/**
 * `noFreePort`: every port of the range is taken. `cannotBind`: an address isn't this machine's, or isn't allowed.
 * `closed`: the router is closed. `noCertificate`: the DTLS certificate could not be made.
 */
export type MediaErrorReason = 'noFreePort' | 'cannotBind' | 'closed' | 'noCertificate';

/** A media connection can't be had. The message says what a person can do. */
export class MediaError extends ReasonedError<MediaErrorReason> {}

/** Counts what passes and what is thrown away. */
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

  stats(connected: number): MediaStats {
    const { rtpPacketsIn, rtpPacketsOut, rtpBytesIn, rtpBytesOut } = this;
    return { connected, rtpPacketsIn, rtpPacketsOut, rtpBytesIn, rtpBytesOut, rtpDropped: { ...this.dropped } };
  }
}

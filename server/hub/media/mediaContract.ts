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

import { randomBytes } from 'node:crypto';
import { TokenBucket } from '@/server/limits/tokenBuckets';
import type {
  IceCandidate,
  MediaKind,
  MediaLink,
  MediaLinkRequest,
  MediaSource,
  TransportParameters,
} from './mediaContract';
import type { MediaTransport } from './mediaTransport';
import { RtpSource } from './rtp/rtpSource';

/** Most sources one endpoint may announce. Further ones count as unannounced. */
const SOURCES_MAX = 16;

/** The conference that a connection belongs to. */
interface EndpointLinkOwner {
  /** Whether this endpoint may use the SSRC: no other endpoint of the conference has used it. */
  claim(ssrc: number): boolean;
  closed(reason: string): void;
  /** It has something to send, and media comes through or does not. */
  reached(isReached: boolean): void;
}

/** The media connection of one endpoint: its transport, sources and rates. */
export class EndpointLink implements MediaLink {
  readonly sources = new Map<number, RtpSource>();
  readonly rates: SenderRates;
  private isClosed = false;
  private isUnreached = false;

  constructor(
    readonly request: MediaLinkRequest,
    readonly local: TransportParameters,
    readonly transport: MediaTransport,
    nowMs: number,
    private readonly owner: EndpointLinkOwner,
  ) {
    this.rates = new SenderRates(nowMs);
  }

  get endpointId(): string {
    return this.request.endpointId;
  }

  get wasConnected(): boolean {
    return this.transport.srtp !== null;
  }

  get maySend(): boolean {
    return this.request.maySend;
  }

  setRemote(remote: TransportParameters): void {
    this.transport.setRemote(remote);
  }

  addCandidate(candidate: IceCandidate): boolean {
    return this.transport.addCandidate(candidate);
  }

  setSources(sources: readonly MediaSource[]): void {
    if (this.isUnreached && sources.length > 0) this.owner.reached(false);
    if (this.isClosed) return;
    const announced = sources.slice(0, SOURCES_MAX).filter(({ ssrc }) => this.owner.claim(ssrc));
    const ssrcs = new Set(announced.map(({ ssrc }) => ssrc));
    for (const ssrc of this.sources.keys()) if (!ssrcs.has(ssrc)) this.sources.delete(ssrc);
    for (const { ssrc, kind } of announced) {
      if (!this.sources.has(ssrc)) this.sources.set(ssrc, new RtpSource(ssrc, kind));
    }
  }

  close(): void {
    this.isUnreached = false;
    this.end('closed');
  }

  giveUp(): void {
    if (!this.isClosed && this.sources.size > 0) this.owner.reached(false);
    this.close();
  }

  vanish(): void {
    this.transport.silence();
    this.close();
  }

  /** DTLS is up. */
  connected(): void {
    this.isUnreached = false;
    this.owner.reached(true);
  }

  /** It does not come through, or not yet. */
  late(): void {
    this.isUnreached = true;
    if (this.sources.size > 0) this.owner.reached(false);
  }

  /** It has ended by itself. */
  die(reason: string): void {
    this.late();
    this.end(reason);
    this.request.onDead?.();
  }

  private end(reason: string): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.transport.close();
    this.owner.closed(reason);
  }
}

/** The media connection of data-only mode: random credentials without a candidate. */
export function createNullMediaLink(): MediaLink {
  const nothing = () => {};
  return {
    local: {
      ufrag: randomBytes(4).toString('hex'),
      password: randomBytes(16).toString('hex'),
      fingerprint: { hash: 'sha-256', value: inventedFingerprint() },
      setup: 'actpass',
      candidates: [],
    },
    wasConnected: false,
    setRemote: nothing,
    addCandidate: () => true,
    setSources: nothing,
    giveUp: nothing,
    vanish: nothing,
    close: nothing,
  };
}

function inventedFingerprint(): string {
  return Array.from(randomBytes(32), (byte) => byte.toString(16).padStart(2, '0').toUpperCase()).join(':');
}

/** Most video a sender may send, bits per second. Senders are told so, and it is enforced with some slack. */
export const VIDEO_BITS_PER_SECOND = 2_500_000;

/** Opus sends 50 packets/s; two tracks, or packets of 10 ms, must pass. */
const AUDIO = { packetsPerSecond: 100, bytesPerSecond: 40_000 };
const VIDEO = { packetsPerSecond: 400, bytesPerSecond: (VIDEO_BITS_PER_SECOND / 8) * 1.2 };
const RTCP_PACKETS_PER_SECOND = 200;
/** Packets that are sent to one receiver again because it asks for them. */
const RESENT_PACKETS_PER_SECOND = 300;
const BURST_SECONDS = 2;

/** Limits on what one endpoint may send, and have sent again, per second. */
class SenderRates {
  private readonly packets: Record<MediaKind, TokenBucket>;
  private readonly bytes: Record<MediaKind, TokenBucket>;
  private readonly rtcp: TokenBucket;
  private readonly resent: TokenBucket;

  constructor(nowMs: number) {
    const bucket = (perSecond: number) => new TokenBucket(perSecond, perSecond * BURST_SECONDS, nowMs);
    this.packets = { audio: bucket(AUDIO.packetsPerSecond), video: bucket(VIDEO.packetsPerSecond) };
    this.bytes = { audio: bucket(AUDIO.bytesPerSecond), video: bucket(VIDEO.bytesPerSecond) };
    this.rtcp = bucket(RTCP_PACKETS_PER_SECOND);
    this.resent = bucket(RESENT_PACKETS_PER_SECOND);
  }

  admitsRtp(kind: MediaKind, sizeBytes: number, nowMs: number): boolean {
    return this.packets[kind].tryTake(1, nowMs) && this.bytes[kind].tryTake(sizeBytes, nowMs);
  }

  /** Whether another packet may be sent to this endpoint again. */
  admitsResend(nowMs: number): boolean {
    return this.resent.tryTake(1, nowMs);
  }

  admitsRtcp(nowMs: number): boolean {
    return this.rtcp.tryTake(1, nowMs);
  }
}

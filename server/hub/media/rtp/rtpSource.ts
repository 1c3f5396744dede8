import type { MediaKind } from '../mediaContract';
import { PacketIndex } from './packetIndex';
import type { ReportBlock } from './rtcpPackets';
import { rtpSequence, rtpTimestamp } from './rtpHeader';

/** Clock rates of Opus and VP8, in Hz. */
const CLOCK_RATE: Readonly<Record<MediaKind, number>> = { audio: 48_000, video: 90_000 };

/** A key frame is requested at most this often: it costs the sender many times an ordinary frame. */
const KEY_FRAME_INTERVAL_MS = 500;

/** One RTP source of an endpoint, as the hub receives it. */
export class RtpSource {
  readonly reception: ReceptionStats;
  /** Recent packets, for video only: a late packet of a voice is useless. */
  readonly cache: PacketCache | null;
  private askedAtMs = Number.NEGATIVE_INFINITY;
  private isWanted = false;

  constructor(
    readonly ssrc: number,
    readonly kind: MediaKind,
  ) {
    this.reception = new ReceptionStats(ssrc, CLOCK_RATE[kind]);
    this.cache = kind === 'video' ? new PacketCache() : null;
  }

  /** A receiver needs a key frame. */
  wantKeyFrame(): void {
    this.isWanted = this.kind === 'video';
  }

  /** Whether to request a key frame now. A request that comes too early is made later. */
  takeKeyFrameRequest(nowMs: number): boolean {
    if (!this.isWanted || nowMs - this.askedAtMs < KEY_FRAME_INTERVAL_MS) return false;
    this.isWanted = false;
    this.askedAtMs = nowMs;
    return true;
  }
}

/** How well the hub receives one source, for receiver reports (RFC 3550, 6.4.1 and appendix A). */
class ReceptionStats {
  private readonly indices = new PacketIndex();
  private first = -1;
  private highest = -1;
  private received = 0;
  private expectedBefore = 0;
  private receivedBefore = 0;
  private jitter = 0;
  private transit = 0;
  private lastSenderReport = 0;
  private reportedAtMs = 0;

  /** @param clockRate Of the RTP timestamp, in Hz. */
  constructor(
    private readonly ssrc: number,
    private readonly clockRate: number,
  ) {}

  onPacket(header: Buffer, nowMs: number): void {
    const index = this.indices.estimate(rtpSequence(header));
    this.indices.advance(index);
    if (this.first < 0) this.first = index;
    this.highest = Math.max(this.highest, index);
    this.received += 1;
    this.measureJitter(rtpTimestamp(header), nowMs);
  }

  /** @param report A sender report of this source. */
  onSenderReport(report: Buffer, nowMs: number): void {
    this.lastSenderReport = report.readUInt32BE(10);
    this.reportedAtMs = nowMs;
  }

  /** The report since the previous one; null if nothing arrived. */
  takeBlock(nowMs: number): ReportBlock | null {
    if (this.received === this.receivedBefore) return null;
    const expected = this.highest - this.first + 1;
    const lost = Math.max(0, expected - this.received);
    const newlyExpected = expected - this.expectedBefore;
    const newlyLost = newlyExpected - (this.received - this.receivedBefore);
    this.expectedBefore = expected;
    this.receivedBefore = this.received;
    return {
      ssrc: this.ssrc,
      fractionLost: newlyLost > 0 ? Math.min(255, Math.floor((newlyLost * 256) / newlyExpected)) : 0,
      packetsLost: Math.min(lost, 0x7fffff),
      highestSequence: this.highest,
      jitter: Math.floor(this.jitter),
      lastSenderReport: this.lastSenderReport,
      delaySinceReport: this.lastSenderReport === 0 ? 0 : ((nowMs - this.reportedAtMs) / 1000) * 65_536,
    };
  }

  private measureJitter(timestamp: number, nowMs: number): void {
    const arrival = (nowMs / 1000) * this.clockRate;
    const transit = (arrival - timestamp) % 2 ** 32;
    const difference = Math.abs(transit - this.transit);
    this.transit = transit;
    if (this.received > 1 && difference < this.clockRate * 10) this.jitter += (difference - this.jitter) / 16;
  }
}

/** A packet as it was forwarded. */
export interface CachedPacket {
  readonly sequence: number;
  readonly header: Buffer;
  readonly payload: Buffer;
}

/** The latest packets of one video source, for receivers that missed some. */
class PacketCache {
  private readonly packets: (CachedPacket | undefined)[];

  /** @param capacity A power of two, so that it divides the sequence numbers. */
  constructor(private readonly capacity = 512) {
    this.packets = new Array(capacity);
  }

  put(packet: CachedPacket): void {
    this.packets[packet.sequence % this.capacity] = packet;
  }

  get(sequence: number): CachedPacket | undefined {
    const packet = this.packets[sequence % this.capacity];
    return packet?.sequence === sequence ? packet : undefined;
  }
}

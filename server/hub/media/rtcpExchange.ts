import type { RtpDropReason } from './mediaContract';
import { type EndpointLink, VIDEO_BITS_PER_SECOND } from './mediaLink';
import { readRtcp, writeBitrateLimit, writeNack, writePictureLoss, writeReceiverReport } from './rtp/rtcpPackets';
import type { CachedPacket, RtpSource } from './rtp/rtpSource';
import type { SrtpChannel } from './rtp/srtpChannel';

const REPORT_INTERVAL_MS = 1_000;

interface RtcpExchangeEvents {
  drop(reason: RtpDropReason): void;
  /** Sends a packet to a receiver again. */
  resend(receiver: EndpointLink, packet: CachedPacket): void;
}

/** Packets of one source that a receiver misses and the hub does not have. */
interface Lost {
  ssrc: number;
  readonly sequences: number[];
}

/** A source and the endpoint that owns it. */
interface Owned {
  readonly owner: EndpointLink;
  readonly source: RtpSource;
}

/**
 * RTCP between the endpoints of one conference. The hub terminates most of it: it replaces lost packets from a cache, so that
 * one receiver's bad network costs the sender nothing, merges key frame requests, and sends its own reports.
 */
export class RtcpExchange {
  private reportedAtMs = 0;

  constructor(
    private readonly links: ReadonlySet<EndpointLink>,
    private readonly events: RtcpExchangeEvents,
  ) {}

  /** Handles a protected compound packet. */
  receive(sender: EndpointLink, packet: Buffer, srtp: SrtpChannel, nowMs: number): void {
    if (!sender.rates.admitsRtcp(nowMs)) {
      this.events.drop('rateExceeded');
      return;
    }
    const plain = srtp.unprotectRtcp(packet);
    if (!plain || !this.heed(sender, plain, nowMs)) this.events.drop('malformed');
    this.askForKeyFrames(nowMs);
  }

  /** `receiver` is new: it can show no video before it has received a key frame of it. */
  wantKeyFramesFor(receiver: EndpointLink, nowMs: number): void {
    this.wantKeyFrames((link) => link !== receiver, nowMs);
  }

  /** Requests a key frame of every video. */
  wantAllKeyFrames(nowMs: number): void {
    this.wantKeyFrames(() => true, nowMs);
  }

  /** Requests the key frames that are due, and reports to each sender once a second. */
  sweep(nowMs: number): void {
    this.askForKeyFrames(nowMs);
    if (nowMs - this.reportedAtMs < REPORT_INTERVAL_MS) return;
    this.reportedAtMs = nowMs;
    for (const link of this.links) this.report(link, nowMs);
  }

  private wantKeyFrames(isMeant: (link: EndpointLink) => boolean, nowMs: number): void {
    for (const link of this.links) {
      if (isMeant(link)) for (const source of link.sources.values()) source.wantKeyFrame();
    }
    this.askForKeyFrames(nowMs);
  }

  private heed(sender: EndpointLink, plain: Buffer, nowMs: number): boolean {
    const lost: Lost = { ssrc: 0, sequences: [] };
    const isWhole = readRtcp(plain, {
      onSenderReport: (ssrc, report) => this.onSenderReport(sender, ssrc, report, nowMs),
      onKeyFrameRequest: (ssrc) => this.find(sender, ssrc)?.source.wantKeyFrame(),
      onLost: (ssrc, sequence) => {
        if (sender.rates.admitsResend(nowMs)) this.onLost(sender, lost, ssrc, sequence);
      },
    });
    this.askAgain(sender, lost);
    return isWhole;
  }

  /** Receivers need sender reports to keep video and voice in sync. */
  private onSenderReport(sender: EndpointLink, ssrc: number, report: Buffer, nowMs: number): void {
    const source = sender.maySend ? sender.sources.get(ssrc) : undefined;
    if (!source) return;
    source.reception.onSenderReport(report, nowMs);
    for (const receiver of this.links) if (receiver !== sender) send(receiver, report);
  }

  private onLost(receiver: EndpointLink, lost: Lost, ssrc: number, sequence: number): void {
    const cache = this.find(receiver, ssrc)?.source.cache;
    if (!cache) return;
    const cached = cache.get(sequence);
    if (cached) {
      this.events.resend(receiver, cached);
      return;
    }
    if (lost.ssrc !== ssrc) this.askAgain(receiver, lost);
    lost.ssrc = ssrc;
    lost.sequences.push(sequence);
  }

  /** Asks the sender for packets that the hub does not have either. */
  private askAgain(receiver: EndpointLink, lost: Lost): void {
    const sequences = lost.sequences.splice(0);
    const owner = sequences.length > 0 ? this.find(receiver, lost.ssrc)?.owner : undefined;
    if (owner) send(owner, writeNack(lost.ssrc, sequences));
  }

  private find(receiver: EndpointLink, ssrc: number): Owned | undefined {
    for (const owner of this.links) {
      const source = owner === receiver ? undefined : owner.sources.get(ssrc);
      if (source) return { owner, source };
    }
    return undefined;
  }

  private askForKeyFrames(nowMs: number): void {
    for (const link of this.links) {
      if (!link.transport.srtp) continue;
      for (const source of link.sources.values()) {
        if (source.takeKeyFrameRequest(nowMs)) send(link, writePictureLoss(source.ssrc));
      }
    }
  }

  /**
   * Tells a sender how well the hub receives it and how much it may send. Without both, Chromium stays at its initial
   * 300 kbit/s, since nothing else tells it about its path to the hub.
   */
  private report(link: EndpointLink, nowMs: number): void {
    const blocks = [...link.sources.values()].flatMap(({ reception }) => reception.takeBlock(nowMs) ?? []);
    if (blocks.length === 0) return;
    const videoSsrcs = blocks.map(({ ssrc }) => ssrc).filter((ssrc) => link.sources.get(ssrc)?.kind === 'video');
    const limit = videoSsrcs.length > 0 ? [writeBitrateLimit(VIDEO_BITS_PER_SECOND, videoSsrcs)] : [];
    send(link, Buffer.concat([writeReceiverReport(blocks), ...limit]));
  }
}

function send({ transport }: EndpointLink, plain: Buffer): void {
  const packet = transport.srtp?.protectRtcp(plain);
  if (packet) transport.send(packet);
}

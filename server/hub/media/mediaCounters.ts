import { type MediaStats, RTP_DROP_REASONS, type RtpDropReason } from './mediaContract';

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

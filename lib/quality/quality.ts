import type { Tier } from '@/lib/core/meeting';

/** What one receiver says of one's own poses. */
export interface PoseReport {
  /** Age of the poses as drawn, less the quickest way of the network, 95th percentile since its last report, ms. */
  readonly ageMs: number;
  /** Share of the packets that never came, 0 to 1. */
  readonly lostShare: number;
}

/** Everything the quality is decided from. */
export interface QualitySignals {
  /** Local monotonic time, ms. */
  readonly nowMs: number;
  /** The base tier, as the meeting announces it. */
  readonly base: Tier;
  /** People with a seat, oneself included. */
  readonly seated: number;
  /** What one person may receive in all, poses and voices of everybody, bits a second. */
  readonly bandwidthMaxBps: number;
  /** Bytes that wait to be sent in one's own channel; null where that can't be known. */
  readonly backlogBytes: number | null;
  /** The newest report of each receiver, not older than a few seconds. */
  readonly reports: readonly PoseReport[];
  /** Median age at which one sees the others, as a report would tell it, ms; null or absent where one sees nobody. */
  readonly othersAgeMs?: number | null;
  /** Estimate of what one's own way down carries (JVB's ConnectionStats), bits a second; null where there is none. */
  readonly downlinkBps: number | null;
  /** What one's own poses take on the wire at one receiver, measured over the last seconds, bits a second. */
  readonly wireBps: number;
  /** Whether nobody looks at one's own page. */
  readonly isHidden: boolean;
  /** Mean time between two drawn frames, ms; null where nothing is drawn. */
  readonly frameMs: number | null;
}

/** Why the quality is what it is. */
export type QualityReason =
  | 'people'
  | 'operator'
  | 'uplink'
  | 'receivers'
  | 'budget'
  | 'hidden'
  | 'slowDevice'
  | 'headroom';

/** How poses are sent now. */
export interface QualityChoice {
  readonly tier: Tier;
  /** Frames in one packet, 1 to 3. */
  readonly framesPerPacket: number;
  readonly reason: QualityReason;
}

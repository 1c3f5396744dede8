import type { Tier } from '@/lib/core/meeting';

/** What one receiver reports about the poses it gets from this sender. */
export interface PoseReport {
  /** Age of the poses as drawn, less the fastest transit of the network; 95th percentile since its last report, ms. */
  readonly ageMs: number;
  /** Share of the packets that never arrived, 0 to 1. */
  readonly lostShare: number;
}

/** Everything the quality is decided from. */
export interface QualitySignals {
  /** Local monotonic time, ms. */
  readonly nowMs: number;
  /** The base tier, as the meeting announces it. */
  readonly base: Tier;
  /** People with a seat, including the local participant. */
  readonly seated: number;
  /** What one person may receive in all, poses and voices of all others, bits a second. */
  readonly bandwidthMaxBps: number;
  /** Bytes that wait to be sent in this sender's channel; null where that is not known. */
  readonly backlogBytes: number | null;
  /** The newest report of each receiver, none older than a few seconds. */
  readonly reports: readonly PoseReport[];
  /** Median age at which this sender sees the others, measured as in a report, ms; null or absent where it sees no one. */
  readonly othersAgeMs?: number | null;
  /** Estimate of what this sender's downlink carries (JVB's ConnectionStats), bits a second; null where there is none. */
  readonly downlinkBps: number | null;
  /** What this sender's poses take on the wire at one receiver, measured over the last seconds, bits a second. */
  readonly wireBps: number;
  /** Whether the page is hidden. */
  readonly isHidden: boolean;
  /** Mean time between two rendered frames, ms; null while nothing is rendered. */
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

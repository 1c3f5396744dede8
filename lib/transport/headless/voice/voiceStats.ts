/** Figures of one incoming voice. */
export interface VoiceStats {
  readonly packets: number;
  /** Packets that never came: gaps in the sequence, less what came late. */
  readonly lost: number;
  /** Bytes of Opus, without RTP headers. */
  readonly bytes: number;
  /** Level of the newest packet in dBov, 0 (loudest) to -127 (silence); -127 where packets do not tell. */
  readonly levelDbov: number;
  /** Spread of the ways' lengths, as RFC 3550 (6.4.1, appendix A.8) reckons it, milliseconds. */
  readonly jitterMs: number;
}

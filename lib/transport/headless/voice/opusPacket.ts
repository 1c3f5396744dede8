/** One Opus packet, as an encoder makes it and RTP carries it. */
export interface OpusPacket {
  readonly data: Uint8Array;
  readonly durationMs: number;
  /** Loudness in dBov, 0 (full scale) to -127 (silence). */
  readonly levelDbov: number;
}

/** A recorded voice: packets in playing order, at 48 kHz. */
export interface OpusSource {
  readonly packets: readonly OpusPacket[];
}

/** The level of silence, dBov (RFC 6464). */
export const SILENCE_DBOV = -127;

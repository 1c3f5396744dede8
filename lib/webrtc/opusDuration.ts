/** Frame durations by configuration (RFC 6716, table 2), milliseconds. */
const SILK_MS = [10, 20, 40, 60] as const;
const HYBRID_MS = [10, 20] as const;
const CELT_MS = [2.5, 5, 10, 20] as const;

const FIRST_HYBRID = 12;
const FIRST_CELT = 16;
/** Longest packet there is (RFC 6716, 3.4, R5). */
const PACKET_MAX_MS = 120;

/** An Opus packet's duration, read from its first two bytes (RFC 6716, 3.1 and 3.2); 0 if it is none. Never throws. */
export function opusDurationMs(packet: Uint8Array): number {
  const toc = packet[0];
  if (toc === undefined) return 0;
  const durationMs = frameMs(toc >> 3) * frameCount(toc & 3, packet[1]);
  return durationMs <= PACKET_MAX_MS ? durationMs : 0;
}

function frameMs(configuration: number): number {
  if (configuration < FIRST_HYBRID) return SILK_MS[configuration & 3]!;
  if (configuration < FIRST_CELT) return HYBRID_MS[configuration & 1]!;
  return CELT_MS[configuration & 3]!;
}

function frameCount(code: number, second: number | undefined): number {
  if (code === 0) return 1;
  if (code < 3) return 2;
  return second === undefined ? 0 : second & 0x3f;
}

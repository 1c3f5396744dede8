import type { Tier } from '@/lib/core/meeting';

/** Longest time the first frame of a packet waits for the last one of it, counted from the frame before it, ms. */
export const PACKET_SPAN_MAX_MS = 100;

/** Most frames that fit in one packet of the codec. */
const FRAMES_MAX = 3;

/** How many frames a compression level may batch: the coarser the steps, the more of a message is envelope. */
function framesFor(compression: number): number {
  if (compression <= 1) return 1;
  if (compression <= 6) return 2;
  return FRAMES_MAX;
}

/**
 * Frames put into one packet at `tier`, 1 to 3. Batching shares the envelope (158 bytes a message) among frames and costs
 * delay, so a packet never spans more than {@link PACKET_SPAN_MAX_MS}.
 */
export function framesPerPacket({ fps, compression }: Pick<Tier, 'fps' | 'compression'>): number {
  const withinSpan = Math.floor((fps * PACKET_SPAN_MAX_MS) / 1000);
  return Math.max(1, Math.min(framesFor(compression), withinSpan));
}

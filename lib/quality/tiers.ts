import type { Tier, TierName } from '@/lib/core/meeting';

/** The base tiers, one of which a meeting announces by how many people are seated. */
export const TIERS: Readonly<Record<TierName, Tier>> = {
  high: { name: 'high', fps: 30, compression: 3 },
  medium: { name: 'medium', fps: 20, compression: 6 },
  low: { name: 'low', fps: 10, compression: 9 },
};

const HIGH_MAX_SEATED = 4;
const MEDIUM_MAX_SEATED = 9;
const RANK: Readonly<Record<TierName, number>> = { high: 0, medium: 1, low: 2 };

/** The tier for `seated` people, never better than `best` (the operator's INITIAL_QUALITY). */
export function tierForSeated(seated: number, best: TierName = 'high'): Tier {
  const name: TierName = seated <= HIGH_MAX_SEATED ? 'high' : seated <= MEDIUM_MAX_SEATED ? 'medium' : 'low';
  return RANK[name] < RANK[best] ? TIERS[best] : TIERS[name];
}

/** Most time that one packet spans, from the frame before its first to its last, ms. */
const PACKET_SPAN_MAX_MS = 100;

/** Most frames that fit in one packet of the codec. */
const FRAMES_MAX = 3;

/** How many frames a compression level may batch: the coarser the steps, the larger the envelope's share of a message. */
function framesFor(compression: number): number {
  if (compression <= 1) return 1;
  if (compression <= 6) return 2;
  return FRAMES_MAX;
}

/**
 * Frames in one packet at `tier`, 1 to 3. Batching shares the envelope (158 bytes a message) among frames but adds delay, so
 * a packet never spans more than {@link PACKET_SPAN_MAX_MS}.
 */
export function framesPerPacket({ fps, compression }: Pick<Tier, 'fps' | 'compression'>): number {
  const withinSpan = Math.floor((fps * PACKET_SPAN_MAX_MS) / 1000);
  return Math.max(1, Math.min(framesFor(compression), withinSpan));
}

/**
 * All tiers from the cheapest to the finest (rule Q-1): each costs more on the wire than the one below it. The three base
 * tiers are among them; the others carry the name of the nearest base tier.
 */
export const LADDER: readonly Tier[] = [
  { name: 'low', fps: 5, compression: 9 },
  TIERS.low,
  TIERS.medium,
  { name: 'medium', fps: 24, compression: 5 },
  TIERS.high,
  { name: 'high', fps: 30, compression: 1 },
];

/** The cheapest rung, for hidden pages and for paths that carry next to nothing. */
export const LOWEST_RUNG = 0;

/** The finest rung. */
export const HIGHEST_RUNG = LADDER.length - 1;

/** The rung of a base tier. */
export function rungOf(name: TierName): number {
  return LADDER.indexOf(TIERS[name]);
}

/** The highest rung of at most `fps` frames a second; the lowest where there is none. */
export function highestRungWithFps(fps: number): number {
  return Math.max(
    LOWEST_RUNG,
    LADDER.findLastIndex((rung) => rung.fps <= fps),
  );
}

import type { BodyReading, HandReading } from '@/lib/core/landmarks';
import type { ReadHand } from './readings';

const SHOULDERS = { left: 11, right: 12 } as const;
const WRISTS = { left: 15, right: 16 } as const;

/** How far a hand may be from the wrist of its body, in widths of the shoulders; farther it is somebody else's. */
const REACH_SHOULDERS = 1;

/** What the model's own guess of the side weighs against nearness, in widths of the shoulders. */
const GUESS_SHOULDERS = 0.25;

type Side = keyof typeof WRISTS;

/** A body's hands. */
export interface SidedHands {
  readonly leftHand: HandReading | null;
  readonly rightHand: HandReading | null;
}

function distance(a: Float32Array, at: number, b: Float32Array, bt: number, aspect: number): number {
  return Math.hypot((a[at * 3]! - b[bt * 3]!) * aspect, a[at * 3 + 1]! - b[bt * 3 + 1]!);
}

/** How little `hand` looks like the body's hand of `side`, in widths of the shoulders; infinite where out of reach. */
function strangeness({ reading, side: guess }: ReadHand, side: Side, body: BodyReading, aspect: number): number {
  const shoulders = distance(body.image, SHOULDERS.left, body.image, SHOULDERS.right, aspect);
  const apart = distance(reading.image, 0, body.image, WRISTS[side], aspect) / Math.max(shoulders, 1e-3);
  if (apart > REACH_SHOULDERS) return Number.POSITIVE_INFINITY;
  return apart + (guess === side ? 0 : GUESS_SHOULDERS);
}

/**
 * Gives each hand to the side whose wrist it is at; where wrists are close together, the model's own guess decides.
 * `aspect` is the picture's width through its height.
 */
export function takeSides(hands: readonly ReadHand[], body: BodyReading, aspect: number): SidedHands {
  const [first = null, second = null] = hands;
  const cost = (hand: ReadHand | null, side: Side) =>
    hand ? Math.min(REACH_SHOULDERS + 1, strangeness(hand, side, body, aspect)) : 0;
  const straight = cost(first, 'left') + cost(second, 'right');
  const crossed = cost(first, 'right') + cost(second, 'left');
  const single = second === null && first !== null;
  const isStraight = single ? cost(first, 'left') <= cost(first, 'right') : straight <= crossed;
  const [left, right] = isStraight ? [first, second] : [second, first];
  const within = (hand: ReadHand | null, side: Side) =>
    hand && Number.isFinite(strangeness(hand, side, body, aspect)) ? hand.reading : null;
  return { leftHand: within(left, 'left'), rightHand: within(right, 'right') };
}

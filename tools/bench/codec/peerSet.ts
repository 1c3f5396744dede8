import type { BenchClip } from './benchClip';
import type { CodecUnderTest } from './codecUnderTest';
import { measureRate, type RateMeasurement } from './measureRate';
import { OUR_CODEC } from './ourCodec';
import {
  JSON_LANDMARKS,
  JSON_QUATERNIONS,
  JSON_QUATERNIONS_ROUNDED,
  MSGPACK,
  SMALLEST_THREE,
  SMALLEST_THREE_DEFLATED,
  USUAL_BITS,
} from './peers';

/** A codec with its measurement at each of its levels. */
export interface Measured {
  readonly codec: CodecUnderTest;
  readonly levels: readonly RateMeasurement[];
}

/** All measurements on one kind of pose. */
export interface RateSet {
  readonly ours: Measured;
  readonly smallestThree: Measured;
  readonly deflated: readonly Measured[];
  /** Codecs without levels. */
  readonly plain: readonly Measured[];
}

/** The same for all, so that only the encoding differs. */
export const FRAMES_PER_PACKET = 2;

/** Sends `clips` through every codec at every level. */
export function measureRateSet(clips: readonly BenchClip[]): RateSet {
  const measure = (codec: CodecUnderTest): Measured => ({
    codec,
    levels: codec.levels.map((level) => measureRate(codec, level, FRAMES_PER_PACKET, clips)),
  });
  return {
    ours: measure(OUR_CODEC),
    smallestThree: measure(SMALLEST_THREE),
    deflated: SMALLEST_THREE_DEFLATED.map(measure),
    plain: [JSON_LANDMARKS, JSON_QUATERNIONS, JSON_QUATERNIONS_ROUNDED, MSGPACK].map(measure),
  };
}

/** The measurement at the setting at which a peer is usually quoted. */
export function usual({ levels }: Measured): RateMeasurement {
  return levels.find(({ level }) => level === USUAL_BITS) ?? levels[0]!;
}

/** Name of a codec at its usual setting. */
export function usualName({ codec }: Measured): string {
  return codec.levels.length > 1 ? `${codec.name} (3x${USUAL_BITS} bit)` : codec.name;
}

/** All peers, simplest first. */
export function peersOf({ plain, smallestThree, deflated }: RateSet): readonly Measured[] {
  return [...plain, smallestThree, ...deflated];
}

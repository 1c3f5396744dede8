import type { FaceSpec } from '../avatarSpec';
import { EYE_BED } from '../head/headShape';
import { clamp, mix } from '../sdf/scalar';
import { type FaceWeights, type Side, sign, weightOf } from './faceWeights';

const HALF_WIDTH = 0.031;
const HALF_HEIGHT = 0.0372;

/** Outline and gaze of one eye. Local x grows outwards from the eye's middle, y up; metres. */
export interface EyeShape {
  readonly halfWidth: number;
  /** Lid heights at u, -1 inner corner to 1 outer corner. */
  readonly upper: (u: number) => number;
  readonly lower: (u: number) => number;
  /** How far the upper lid is shut, 0..1. */
  readonly shut: number;
  /** How far the eye is arched by a laugh, 0..1. */
  readonly happy: number;
  /** Where the iris sits. */
  readonly gaze: readonly [x: number, y: number];
  /** Local to head space. */
  readonly toHead: (x: number, y: number) => [number, number];
  /** The nearest local point between the lids. */
  readonly inside: (x: number, y: number) => [number, number];
}

function roundness(u: number): number {
  return Math.sqrt(Math.max(0, 1 - u * u * 0.985));
}

function gazeOf(weights: FaceWeights, side: Side): [number, number] {
  const outwards = weightOf(weights, `eyeLookOut${side}`) * 0.0078 - weightOf(weights, `eyeLookIn${side}`) * 0.0088;
  const up = weightOf(weights, `eyeLookUp${side}`) * 0.0105 - weightOf(weights, `eyeLookDown${side}`) * 0.0115;
  return [outwards, up];
}

/** How far (m) both lids follow the gaze up or down, so that no white shows all round an iris that looks away. */
function lidFollow(weights: FaceWeights, side: Side): { upper: number; lower: number } {
  const up = weightOf(weights, `eyeLookUp${side}`);
  const down = weightOf(weights, `eyeLookDown${side}`);
  return { upper: up * 0.0035 - down * 0.0095, lower: up * 0.0045 - down * 0.003 };
}

function lids(
  weights: FaceWeights,
  side: Side,
  { lashes, eyeHeight, eyeTilt }: FaceSpec,
): Pick<EyeShape, 'upper' | 'lower' | 'shut' | 'happy'> {
  const blink = weightOf(weights, `eyeBlink${side}`);
  const squint = weightOf(weights, `eyeSquint${side}`);
  const wide = weightOf(weights, `eyeWide${side}`);
  const happy = weightOf(weights, `eyeHappy${side}`);
  const shut = clamp(blink + squint * 0.2);
  const raised = clamp(blink + squint * 0.42 + weightOf(weights, `cheekSquint${side}`) * 0.22);
  const high = HALF_HEIGHT * eyeHeight;
  const tilt = (u: number) => eyeTilt * 0.5 * u;
  const follow = lidFollow(weights, side);
  const closedAt = (u: number) =>
    tilt(u) + mix(-high * 0.5 * roundness(u) ** 0.8 - 0.001, high * 0.16 * (roundness(u) ** 0.9 * 2 - 1.1), happy);
  const openUpper = (u: number) =>
    tilt(u) + (high * (1 + 0.2 * wide) * (1 + 0.05 * u * lashes) + follow.upper) * roundness(u) ** 0.82;
  const openLower = (u: number) => tilt(u) + (follow.lower - high * (0.84 + 0.12 * wide)) * roundness(u) ** 0.9;
  return {
    upper: (u) => mix(mix(openUpper(u), closedAt(u), shut), closedAt(u), happy),
    lower: (u) => mix(mix(openLower(u), closedAt(u), raised), closedAt(u), happy),
    shut,
    happy,
  };
}

/** The eye of one side while the face does what `weights` say. */
export function eyeShape(weights: FaceWeights, side: Side, face: FaceSpec): EyeShape {
  const lid = lids(weights, side, face);
  const halfWidth = HALF_WIDTH * (1 + 0.05 * weightOf(weights, `eyeWide${side}`) + 0.1 * lid.happy);
  return {
    ...lid,
    halfWidth,
    gaze: gazeOf(weights, side),
    toHead: (x, y) => [sign(side) * (EYE_BED.x + x), EYE_BED.y + y],
    inside: (x, y) => {
      const u = clamp(x / halfWidth, -1, 1);
      const [a, b] = [lid.lower(u), lid.upper(u)];
      return [u * halfWidth, clamp(y, Math.min(a, b), Math.max(a, b))];
    },
  };
}

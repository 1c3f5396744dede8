import type { FaceSpec } from '../avatarSpecs';
import { EYE_BED } from '../head/headParts';
import { clamp, mix, smoothstep } from '../sdf/maths';
import { type FaceWeights, type Side, sign, weightOf } from './faceWeights';
import { evenColumns, type Feature, type FeatureDetail, gridTriangles, type Put } from './feature';

const HALF_WIDTH = 0.031;
const HALF_HEIGHT = 0.0372;

/** Outline and gaze of one eye. Local x grows outwards from the eye's middle, y up; metres. */
export interface EyeShape {
  readonly halfWidth: number;
  /** Lid heights at u, -1 inner corner to 1 outer corner. */
  readonly upper: (u: number) => number;
  readonly lower: (u: number) => number;
  /** How far the upper lid is closed, 0..1. */
  readonly shut: number;
  /** How far the eye is arched by a laugh, 0..1. */
  readonly happy: number;
  /** Position of the iris. */
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

/** How far (m) both lids follow the gaze up or down, so that no white shows all round the iris. */
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

/** The eye of one side for a face with `weights`. */
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

/** Rows of the lash: height (in thicknesses), distance from the skin (m), lean of the normal. */
const LASH_ROWS = [
  { rise: -0.25, layer: 0.0022, lean: -0.3 },
  { rise: 0.5, layer: 0.0034, lean: 0 },
  { rise: 1, layer: 0.002, lean: 0.5 },
] as const;

function lashThickness(t: number, face: FaceSpec, eye: EyeShape): number {
  const taper = 0.003 + 0.0036 * smoothstep(0, 0.75, t) * (1 - 0.55 * smoothstep(0.88, 1, t));
  return taper * (1 + 0.35 * face.lashes) * (1 - 0.2 * eye.happy);
}

function upperLash(side: Side, face: FaceSpec, columns: number): Feature {
  const place = (put: Put, weights: FaceWeights) => {
    const eye = eyeShape(weights, side, face);
    for (const row of LASH_ROWS)
      for (const t of evenColumns(columns)) {
        const u = mix(-1.02, 1.06 + 0.1 * face.lashes, t);
        const wing = Math.max(0, u - 1) * eye.halfWidth * (0.5 + 1.1 * face.lashes) * (1 - eye.shut);
        const y = eye.upper(clamp(u, -1, 1)) + wing + row.rise * lashThickness(t, face, eye);
        put(...eye.toHead(u * eye.halfWidth, y), row.layer, row.lean);
      }
  };
  return { name: `lash${side}`, slot: 'pupil', triangles: gridTriangles(2, columns, side === 'Right'), place };
}

function lowerLine(side: Side, face: FaceSpec, columns: number): Feature {
  const place = (put: Put, weights: FaceWeights) => {
    const eye = eyeShape(weights, side, face);
    for (const row of [0, 1])
      for (const t of evenColumns(columns)) {
        const u = mix(-0.35, 0.99, t);
        const thickness = 0.0019 * Math.sin(Math.PI * Math.min(1, 0.04 + t * 0.92)) * (1 - eye.happy);
        put(...eye.toHead(u * eye.halfWidth, eye.lower(u) - 0.0012 + row * thickness), 0.0014);
      }
  };
  return {
    name: `lowerLine${side}`,
    slot: 'skin',
    lastLevel: 1,
    triangles: gridTriangles(1, columns, side === 'Right'),
    place,
    tint: () => [0.42, 0.3, 0.28],
  };
}

function crease(side: Side, face: FaceSpec, columns: number): Feature {
  const place = (put: Put, weights: FaceWeights) => {
    const eye = eyeShape(weights, side, face);
    const closeness = 1 - 0.35 * Math.max(eye.shut, eye.happy);
    for (const row of [0, 1])
      for (const t of evenColumns(columns)) {
        const u = mix(-0.8, 0.92, t);
        const arc = Math.sin(Math.PI * t);
        const y = Math.max(eye.upper(u), 0) + 0.0105 * closeness + 0.0016 * arc + row * 0.0019 * arc;
        put(...eye.toHead(u * eye.halfWidth, y), 0.0016);
      }
  };
  return {
    name: `crease${side}`,
    slot: 'skin',
    lastLevel: 1,
    triangles: gridTriangles(1, columns, side === 'Right'),
    place,
    tint: () => [0.66, 0.52, 0.5],
  };
}

/** Upper lash, lower lash line and crease of the lid, of one side. */
export function lidFeatures(side: Side, face: FaceSpec, { columns }: FeatureDetail): Feature[] {
  return [upperLash(side, face, columns), lowerLine(side, face, columns), crease(side, face, columns)];
}

/** Height of the brow above the eye's middle (m). */
const BROW_RISE = 0.064;
const BROW_ROWS = [
  { across: -1, layer: 0.0003, lean: -0.55 },
  { across: 0, layer: 0.0036, lean: 0 },
  { across: 1, layer: 0.0003, lean: 0.55 },
] as const;

function browHeight(t: number, weights: FaceWeights, side: Side): number {
  const down = weightOf(weights, `browDown${side}`);
  const innerUp = weightOf(weights, 'browInnerUp');
  const outerUp = weightOf(weights, `browOuterUp${side}`);
  const arc = 0.0085 * Math.sin(Math.PI * (0.18 + 0.72 * t)) - 0.006 * t * t - 0.002;
  const inner = (1 - t) ** 2 * (innerUp * 0.016 - down * 0.017);
  return BROW_RISE + arc + inner + t * (outerUp * 0.012 - down * 0.004) + innerUp * 0.004 - down * 0.003;
}

/** The brow of one side. */
export function browFeature(side: Side, face: FaceSpec, { columns }: FeatureDetail): Feature {
  const place = (put: Put, weights: FaceWeights) => {
    for (const { across, layer, lean } of BROW_ROWS)
      for (const t of evenColumns(columns)) {
        const x = mix(-0.032, 0.037, t) - weightOf(weights, `browDown${side}`) * 0.004 * (1 - t);
        const thickness =
          face.browThickness * mix(0.6, 1, smoothstep(0, 0.25, t)) * (1 - 0.72 * smoothstep(0.45, 1, t));
        const y = EYE_BED.y + browHeight(t, weights, side) + across * thickness;
        put(sign(side) * (EYE_BED.x + x), y, layer, lean);
      }
  };
  return { name: `brow${side}`, slot: 'brow', triangles: gridTriangles(2, columns, side === 'Right'), place };
}

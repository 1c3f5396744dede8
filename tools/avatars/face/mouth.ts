import type { FaceSpec } from '../avatarSpecs';
import { MOUTH_BED } from '../head/headParts';
import type { Tint } from '../part';
import { clamp, mix } from '../sdf/maths';
import { type FaceWeights, type Side, weightOf } from './faceWeights';
import { cosineColumns, type Feature, type FeatureDetail, gridTriangles, type Put } from './feature';

const HALF_WIDTH = 0.037;

/** Outline of the mouth. u runs from -1, the right corner, to 1, the left; metres of head space. */
export interface MouthShape {
  readonly x: (u: number) => number;
  readonly upper: (u: number) => number;
  readonly lower: (u: number) => number;
  /** How far the lips protrude (m). */
  readonly push: (u: number) => number;
  readonly pucker: number;
  readonly press: number;
}

function sideOf(u: number): Side {
  return u > 0 ? 'Left' : 'Right';
}

function mean(weights: FaceWeights, pair: 'mouthPress' | 'mouthSmile'): number {
  return (weightOf(weights, `${pair}Left`) + weightOf(weights, `${pair}Right`)) / 2;
}

function cornerWidth(w: FaceWeights, side: Side, open: number): number {
  const wider =
    0.22 * weightOf(w, `mouthSmile${side}`) +
    0.3 * weightOf(w, `mouthStretch${side}`) +
    0.12 * weightOf(w, `mouthDimple${side}`);
  const narrower =
    0.06 * weightOf(w, `mouthPress${side}`) +
    0.5 * weightOf(w, 'mouthPucker') +
    0.34 * weightOf(w, 'mouthFunnel') +
    0.1 * open;
  return HALF_WIDTH * (1 + wider - narrower);
}

function cornerHeight(w: FaceWeights, side: Side, open: number): number {
  const up = 0.0125 * weightOf(w, `mouthSmile${side}`) + 0.002 * weightOf(w, `mouthDimple${side}`);
  const down = 0.0135 * weightOf(w, `mouthFrown${side}`) + 0.003 * weightOf(w, `mouthStretch${side}`);
  return 0.0058 + up - down - 0.004 * weightOf(w, 'mouthPucker') - 0.005 * open;
}

/** How far the mouth opens at u: fully in the middle, not at the corners. */
function gape(u: number): number {
  return Math.max(0, 1 - Math.abs(u) ** 2.2) ** 0.75;
}

/** The mouth of a face with weights `w`. */
export function mouthShape(w: FaceWeights): MouthShape {
  const open = weightOf(w, 'jawOpen') - 0.6 * weightOf(w, 'mouthClose');
  const pucker = weightOf(w, 'mouthPucker');
  const funnel = weightOf(w, 'mouthFunnel');
  const smile = mean(w, 'mouthSmile');
  const drift =
    (weightOf(w, 'mouthLeft') - weightOf(w, 'mouthRight')) * 0.012 +
    (weightOf(w, 'jawLeft') - weightOf(w, 'jawRight')) * 0.008;
  const shrug = 0.006 * weightOf(w, 'mouthShrugLower') + 0.003 * weightOf(w, 'mouthShrugUpper');
  const corner = (u: number) => cornerHeight(w, sideOf(u), open) * Math.abs(u) ** 1.9;
  const rise = (u: number) =>
    open * 0.004 +
    funnel * 0.0065 +
    pucker * 0.0012 +
    weightOf(w, `mouthUpperUp${sideOf(u)}`) * 0.0062 +
    shrug -
    0.0015 * smile;
  const fall = (u: number) =>
    open * 0.036 +
    funnel * 0.0085 +
    pucker * 0.0012 +
    weightOf(w, `mouthLowerDown${sideOf(u)}`) * 0.0072 -
    shrug +
    0.003 * smile;
  return {
    x: (u) => cornerWidth(w, sideOf(u), Math.max(0, open)) * u + drift,
    upper: (u) => MOUTH_BED.y + corner(u) + rise(u) * gape(u),
    lower: (u) => MOUTH_BED.y + corner(u) - fall(u) * gape(u),
    push: (u) => (pucker * 0.01 + funnel * 0.006) * gape(u),
    pucker,
    press: mean(w, 'mouthPress'),
  };
}

const ROWS = 3;
/** Widths of tongue and teeth, as shares of the mouth's. */
const TONGUE_WIDTH = 0.62;
const TEETH_WIDTH = 0.9;

function inner(columns: number): Feature {
  const place = (put: Put, weights: FaceWeights) => {
    const mouth = mouthShape(weights);
    for (let row = 0; row <= ROWS; row++)
      for (const u of cosineColumns(columns))
        put(mouth.x(u), mix(mouth.lower(u), mouth.upper(u), row / ROWS), 0.0002, 0, mouth.push(u));
  };
  return { name: 'mouth', slot: 'mouth', triangles: gridTriangles(ROWS, columns), place };
}

function tongue(columns: number): Feature {
  const place = (put: Put, weights: FaceWeights) => {
    const mouth = mouthShape(weights);
    const out = weightOf(weights, 'tongueOut');
    for (let row = 0; row <= ROWS; row++)
      for (const v of cosineColumns(columns)) {
        const u = v * TONGUE_WIDTH;
        const arch = Math.sqrt(Math.max(0, 1 - v * v));
        const bottom = mouth.lower(u) - out * 0.03 * arch ** 0.6;
        const top = mouth.lower(u) + Math.max(0, mouth.upper(u) - mouth.lower(u)) * 0.46 * arch;
        put(mouth.x(u), mix(bottom, Math.max(top, bottom), row / ROWS), 0.0007 + out * 0.004, 0, mouth.push(u));
      }
  };
  return { name: 'tongue', slot: 'tongue', triangles: gridTriangles(ROWS, columns), place };
}

function teeth(columns: number): Feature {
  const place = (put: Put, weights: FaceWeights) => {
    const mouth = mouthShape(weights);
    for (const row of [1, 0])
      for (const v of cosineColumns(columns)) {
        const u = v * TEETH_WIDTH;
        const gap = Math.max(0, mouth.upper(u) - mouth.lower(u));
        const height = Math.min(0.009, gap * 0.42) * (1 - 0.9 * mouth.pucker);
        put(mouth.x(u), mouth.upper(u) - row * height, 0.001, 0, mouth.push(u));
      }
  };
  return { name: 'teeth', slot: 'white', triangles: gridTriangles(1, columns), place };
}

/** The upper lip faces away from the light: without its own shade, the lips of dark skin would not show. */
const UPPER_LIP: Tint = [0.72, 0.66, 0.66];
const PLAIN: Tint = [1, 1, 1];

const LIP_ROWS = [
  { across: -0.25, layer: 0.0014, lean: -0.4 },
  { across: 0.5, layer: 0.0028, lean: 0 },
  { across: 1.1, layer: 0.0006, lean: 0.5 },
] as const;

function lip(which: 'upper' | 'lower', thickness: number, columns: number): Feature {
  const direction = which === 'upper' ? 1 : -1;
  const place = (put: Put, weights: FaceWeights) => {
    const mouth = mouthShape(weights);
    const roll = weightOf(weights, which === 'upper' ? 'mouthRollUpper' : 'mouthRollLower');
    const thin = (1 + 0.25 * mouth.pucker) * (1 - 0.45 * mouth.press) * (1 - 0.8 * roll);
    for (const { across, layer, lean } of LIP_ROWS)
      for (const column of cosineColumns(columns)) {
        const u = clamp(column * 1.02, -1, 1);
        const swell = 0.35 + 0.65 * Math.max(0, 1 - u * u * 0.95) ** 0.6;
        const y = mouth[which](u) + direction * thickness * swell * thin * across;
        put(mouth.x(column * 1.02), y, layer, direction * lean, mouth.push(u));
      }
  };
  const tint = () => (which === 'upper' ? UPPER_LIP : PLAIN);
  return { name: `${which}Lip`, slot: 'lip', triangles: gridTriangles(2, columns, which === 'lower'), place, tint };
}

/** Inside of the mouth, tongue, teeth and lips. */
export function mouthFeatures(face: FaceSpec, { columns }: FeatureDetail): Feature[] {
  return [
    inner(columns),
    tongue(columns),
    teeth(columns),
    lip('upper', mix(0.0026, 0.0046, face.lips), columns),
    lip('lower', mix(0.0028, 0.0064, face.lips), columns),
  ];
}

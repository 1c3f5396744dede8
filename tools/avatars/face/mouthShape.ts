import { MOUTH_BED } from '../head/headShape';
import { type FaceWeights, type Side, weightOf } from './faceWeights';

const HALF_WIDTH = 0.037;

/** Outline of the mouth. u runs from -1, the right corner, to 1, the left; metres of head space. */
export interface MouthShape {
  readonly x: (u: number) => number;
  readonly upper: (u: number) => number;
  readonly lower: (u: number) => number;
  /** How far the lips come forward (m). */
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

/** How open each height of the mouth is: full in the middle, nothing at the corners. */
function gape(u: number): number {
  return Math.max(0, 1 - Math.abs(u) ** 2.2) ** 0.75;
}

/** The mouth while the face does what `weights` say. */
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

import type { FaceSpec } from '../avatarSpec';
import type { Tint } from '../part';
import { clamp, mix } from '../sdf/scalar';
import { type FaceWeights, weightOf } from './faceWeights';
import type { Feature, Put } from './feature';
import { mouthShape } from './mouthShape';
import { cosineColumns, type FeatureDetail, gridTriangles } from './sheets';

const ROWS = 3;
/** Share of the mouth's width the tongue and the teeth take. */
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

/** The upper lip turns from the light: without its own shade, lips of dark skin are lost. */
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

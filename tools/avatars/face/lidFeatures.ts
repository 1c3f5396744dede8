import type { FaceSpec } from '../avatarSpec';
import { clamp, mix, smoothstep } from '../sdf/scalar';
import { type EyeShape, eyeShape } from './eyeShape';
import type { FaceWeights, Side } from './faceWeights';
import type { Feature, Put } from './feature';
import { evenColumns, type FeatureDetail, gridTriangles } from './sheets';

/** Rows of a line across its width: how high (in thicknesses), how far off the skin (m), which way its normal leans. */
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

/** Upper lash, lower lash line and the fold of the lid, of one side. */
export function lidFeatures(side: Side, face: FaceSpec, { columns }: FeatureDetail): Feature[] {
  return [upperLash(side, face, columns), lowerLine(side, face, columns), crease(side, face, columns)];
}

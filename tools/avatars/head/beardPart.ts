import type { FaceSurface } from '../face/faceSurface';
import { type FaceWeights, weightOf } from '../face/faceWeights';
import { mouthShape } from '../face/mouth';
import type { Part } from '../part';
import { add, bell, clamp, mix, smoothMax, smoothMin, smoothstep } from '../sdf/maths';
import { bounds, type Sdf, type Vec3 } from '../sdf/sdf';
import { raise } from '../sdf/shapes';
import { HEAD_HEIGHT } from '../skeleton/restSkeleton';
import { headWeights } from '../weights/bodyWeights';
import { type HeadShape, MOUTH_BED } from './headParts';

/** Half sizes (m) of the bare oval round the mouth, and how far its middle lies below the lips. */
const BARE = { width: 0.044, height: 0.0125, drop: 0.0025 } as const;
/** Half width (m) of the moustache, and its height above the mouth. */
const MOUSTACHE = { width: 0.058, top: 0.033 } as const;
/** Distance (m) of the beard from the ears. */
const EAR_GAP = 0.002;
/** Steepness of the cut at the beard's line, and the rounding (m) of that edge. */
const EDGE_STEEPNESS = 1.8;
const EDGE_ROUNDING = 0.004;

/** Thickness (m) of the beard where it starts to grow. */
const ROOT_THICKNESS = 0.0028;

/** Positive where no beard grows: on the cheeks, round the mouth, behind the ears. */
function beardLine(head: HeadShape, x: number, y: number, z: number): number {
  const wide = Math.abs(x);
  const cheek = mix(0.084, 0.172, smoothstep(0.042, 0.142, wide)) - y;
  const moustache = Math.max(wide - MOUSTACHE.width, y - MOUTH_BED.y - MOUSTACHE.top + 6 * x * x);
  const grows = smoothMin(-cheek, moustache, 0.012);
  const mouth = Math.hypot(x / BARE.width, (y - MOUTH_BED.y + BARE.drop) / BARE.height);
  const bare = (1 - mouth) * BARE.height;
  const jaw = 0.012 - y + 0.45 * Math.max(0, 0.06 - z);
  const end = smoothMax(0.006 - z - 0.15 * (y - 0.06), jaw, 0.05);
  const ear = EAR_GAP - head.earRoom(x, y, z);
  return Math.max(smoothMax(grows, Math.max(end, ear), 0.016), bare);
}

/** A short beard with moustache. It belongs to the face mesh and moves with the jaw. */
export function beardPart(head: HeadShape, thickness: number): Part {
  const shape: Sdf = (x, y, z) => {
    const line = beardLine(head, x, y, z);
    const chin = 1 + 0.7 * smoothstep(0.09, 0.03, y) * smoothstep(0.05, 0.1, z);
    const lip = smoothstep(0.058, 0.04, Math.abs(x)) * smoothstep(MOUTH_BED.y, MOUTH_BED.y + 0.006, y);
    const full = mix(0.3, 1, smoothstep(0.15, 0.065, y));
    const depth = (thickness * chin * full + 0.004 * lip) * mix(0.25, 1, smoothstep(0, -0.03, line));
    return smoothMax(head.base(x, y, z) - ROOT_THICKNESS - depth, line * EDGE_STEEPNESS, EDGE_ROUNDING);
  };
  return {
    name: 'beard',
    shape: raise(shape, HEAD_HEIGHT),
    bounds: bounds([-0.19, HEAD_HEIGHT - 0.04, -0.04], [0.19, HEAD_HEIGHT + 0.2, 0.2]),
    cellSize: 0.0046,
    triangles: 1300,
    slot: 'hair',
    weights: headWeights,
    darkest: 0.62,
  };
}

/** Smaller lifts (m) count as 0. */
const LEAST_LIFT = 1e-5;

/** A smile lifts the beard at the corner of the mouth away from the lips, over the swelling cheek (m). */
function smileLift([x, y, z]: Vec3, weights: FaceWeights, surface: FaceSurface): Vec3 {
  const smile = weightOf(weights, x > 0 ? 'mouthSmileLeft' : 'mouthSmileRight');
  const atCorner = bell((Math.abs(x) - 0.044) ** 2 + (y - MOUTH_BED.y - 0.015) ** 2, 0.024);
  const lift = 0.011 * smile * atCorner * smoothstep(0.06, 0.09, z);
  if (lift < LEAST_LIFT) return [0, 0, 0];
  return [0, lift, Math.max(0, surface(x, y + lift).at[2] - surface(x, y).at[2]) + lift * 0.25];
}

/** The lower lip pushes the beard under it down as the mouth opens (m). */
function lowerLipPush([x, y, z]: Vec3, weights: FaceWeights): Vec3 {
  const beside = smoothstep(0.06, 0.03, Math.abs(x)) * smoothstep(0.06, 0.09, z);
  const under = y < MOUTH_BED.y ? smoothstep(0, 0.062, y) : 0;
  if (beside * under === 0) return [0, 0, 0];
  const u = clamp(x / 0.037, -0.9, 0.9);
  const fall = mouthShape(weights).lower(u) - mouthShape({}).lower(u);
  return [0, Math.min(0, fall) * beside * under, weightOf(weights, 'mouthFunnel') * 0.004 * beside * under];
}

/** Displacement of a point of the beard (head space, m) in addition to that of the skin under it. */
export function beardDeform(p: Vec3, weights: FaceWeights, surface: FaceSurface): Vec3 {
  return add(lowerLipPush(p, weights), smileLift(p, weights, surface));
}

import { type FaceWeights, weightOf } from '../face/faceWeights';
import { mouthShape } from '../face/mouthShape';
import type { Part } from '../part';
import { raise } from '../sdf/combine';
import { bell, clamp, mix, smoothMax, smoothstep } from '../sdf/scalar';
import { bounds, type Sdf, type Vec3 } from '../sdf/sdf';
import { HEAD_HEIGHT } from '../skeleton/restSkeleton';
import { headWeights } from '../weights/bodyWeights';
import { type HeadShape, MOUTH_BED } from './headShape';

/** Half sizes (m) of the bare oval round the mouth, and how far its middle lies under the lips. */
const BARE = { width: 0.046, height: 0.0115, drop: 0.0025 } as const;
/** Half width (m) of the moustache, and its height above the mouth. */
const MOUSTACHE = { width: 0.052, top: 0.033 } as const;

/** Above 0 where no beard grows: over the cheeks, round the mouth, behind the ears. */
function beardLine(x: number, y: number, z: number): number {
  const wide = Math.abs(x);
  const cheek = mix(0.082, 0.15, smoothstep(0.045, 0.13, wide)) - y;
  const moustache = Math.max(wide - MOUSTACHE.width, y - MOUTH_BED.y - MOUSTACHE.top + 6 * x * x);
  const grows = Math.min(-cheek, moustache);
  const mouth = Math.hypot(x / BARE.width, (y - MOUTH_BED.y + BARE.drop) / BARE.height);
  const bare = (1 - mouth) * BARE.height;
  const end = smoothMax(-0.01 - z + 0.25 * (y - 0.06), 0.012 - y - 0.4 * Math.max(0, 0.06 - z), 0.06);
  return Math.max(smoothMax(grows, end, 0.05), bare);
}

/** A short beard with its moustache. Part of the face: it moves with the jaw. */
export function beardPart(head: HeadShape, thickness: number): Part {
  const shape: Sdf = (x, y, z) => {
    const line = beardLine(x, y, z);
    const chin = 1 + 0.7 * smoothstep(0.09, 0.03, y) * smoothstep(0.05, 0.1, z);
    const lip = smoothstep(0.058, 0.04, Math.abs(x)) * smoothstep(MOUTH_BED.y, MOUTH_BED.y + 0.006, y);
    const full = mix(0.3, 1, smoothstep(0.15, 0.065, y));
    const depth = (thickness * chin * full + 0.004 * lip) * smoothstep(0.004, -0.04, line);
    return smoothMax(head.base(x, y, z) - 0.0012 - depth, line, 0.008);
  };
  return {
    name: 'beard',
    shape: raise(shape, HEAD_HEIGHT),
    bounds: bounds([-0.19, HEAD_HEIGHT - 0.04, -0.04], [0.19, HEAD_HEIGHT + 0.2, 0.2]),
    cellSize: 0.0056,
    triangles: 1150,
    slot: 'hair',
    weights: headWeights,
    darkest: 0.62,
  };
}

/** A smile lifts the beard over the corner of the mouth out of the lips' way (m). */
function smileLift([x, y, z]: Vec3, weights: FaceWeights): number {
  const smile = weightOf(weights, x > 0 ? 'mouthSmileLeft' : 'mouthSmileRight');
  const atCorner = bell((Math.abs(x) - 0.044) ** 2 + (y - MOUTH_BED.y - 0.015) ** 2, 0.024);
  return 0.011 * smile * atCorner * smoothstep(0.06, 0.09, z);
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

/** How a point of the beard (head space, m) moves beyond the skin under it. */
export function beardDeform(p: Vec3, weights: FaceWeights): Vec3 {
  const [x, y, z] = lowerLipPush(p, weights);
  return [x, y + smileLift(p, weights), z];
}

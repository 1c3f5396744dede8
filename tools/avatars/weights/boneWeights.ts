import { normalize } from '../sdf/maths';
import type { Vec3 } from '../sdf/sdf';
import { type Affine, addWeighted, invert, transformPoint, transformTransposed } from '../skeleton/affine';
import { MODEL_POSE } from '../skeleton/modelPose';
import { jointIndex } from '../skeleton/restSkeleton';

/** Shares of bones in a vertex, by bone name; not yet normalised. */
export type BoneShares = Record<string, number>;

/** Up to four bones of a vertex: their indices, and weights that sum to 255 exactly. */
export interface VertexWeights {
  readonly joints: readonly [number, number, number, number];
  readonly weights: readonly [number, number, number, number];
}

const WEIGHT_SUM = 255;
/** Shares below this are dropped. */
const LEAST_SHARE = 0.004;

/** The four largest shares as bytes; the largest absorbs rounding so that the sum is 255. */
export function quantiseShares(shares: BoneShares): VertexWeights {
  const kept = Object.entries(shares)
    .filter(([, share]) => share > LEAST_SHARE)
    .sort((a, b) => b[1] - a[1])
    .slice(0, 4);
  const total = kept.reduce((sum, [, share]) => sum + share, 0);
  const bytes = kept.map(([, share]) => Math.round((share / total) * WEIGHT_SUM));
  bytes[0] = bytes[0]! + WEIGHT_SUM - bytes.reduce((sum, byte) => sum + byte, 0);
  const joint = (k: number) => ((bytes[k] ?? 0) > 0 ? jointIndex(kept[k]![0]) : 0);
  const weight = (k: number) => bytes[k] ?? 0;
  return {
    joints: [joint(0), joint(1), joint(2), joint(3)],
    weights: [weight(0), weight(1), weight(2), weight(3)],
  };
}

/** A vertex's position (m) and unit normal. */
export interface Placed {
  readonly position: Vec3;
  readonly normal: Vec3;
}

/** The linear blend of a pose's matrices by a vertex's weights. */
export function blendedMatrix(pose: readonly Affine[], { joints, weights }: VertexWeights): Affine {
  const sum: number[] = [];
  for (const [k, joint] of joints.entries()) addWeighted(sum, pose[joint]!, weights[k]! / WEIGHT_SUM);
  return sum;
}

/** Carries a vertex from the model pose back to the rest pose: the exact inverse of skinning. */
export function unpose(position: Vec3, normal: Vec3, weights: VertexWeights): Placed {
  const skinning = blendedMatrix(MODEL_POSE, weights);
  return {
    position: transformPoint(invert(skinning), position),
    normal: normalize(transformTransposed(skinning, normal)),
  };
}

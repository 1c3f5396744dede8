import type { Vec3 } from '../sdf/sdf';
import { normalize } from '../sdf/vec';
import { type Affine, addWeighted, invert, transformPoint, transformTransposed } from '../skeleton/affine';
import { MODEL_POSE } from '../skeleton/modelPose';
import { type VertexWeights, WEIGHT_SUM } from './boneWeights';

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

/** Carries a vertex from the model pose back to the rest pose: the exact inverse of what skinning will do. */
export function unpose(position: Vec3, normal: Vec3, weights: VertexWeights): Placed {
  const skinning = blendedMatrix(MODEL_POSE, weights);
  return {
    position: transformPoint(invert(skinning), position),
    normal: normalize(transformTransposed(skinning, normal)),
  };
}

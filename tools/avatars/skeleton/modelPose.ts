import type { Bounds, Sdf, Vec3 } from '../sdf/sdf';
import { type Affine, IDENTITY, invert, multiply, transformPoint, turnAbout } from './affine';
import { jointIndex, REST_JOINTS, restAt } from './restSkeleton';

/** One turn of a bone about a world axis of the rest pose. */
export interface JointTurn {
  readonly bone: string;
  readonly axis: 'x' | 'y' | 'z';
  readonly degrees: number;
}

/** For each bone, the matrix from the rest pose to the pose. */
export function poseJoints(turns: readonly JointTurn[]): readonly Affine[] {
  const matrices = new Map<string, Affine>();
  return REST_JOINTS.map((joint) => {
    const parent = joint.parent === null ? IDENTITY : matrices.get(joint.parent)!;
    const own = turns.filter((turn) => turn.bone === joint.name);
    const matrix = own.reduce((m, turn) => multiply(m, turnAbout(turn.axis, turn.degrees, joint.at)), parent);
    matrices.set(joint.name, matrix);
    return matrix;
  });
}

/** The same turn for both arms or legs, written for the left. */
export function bothSides(bone: string, axis: 'x' | 'y' | 'z', degrees: number): JointTurn[] {
  const rightDegrees = axis === 'x' ? degrees : -degrees;
  return [
    { bone: `left${bone}`, axis, degrees },
    { bone: `right${bone}`, axis, degrees: rightDegrees },
  ];
}

/**
 * The pose in which the body is modelled: arms half lowered, elbows slightly bent, legs halfway to sitting. Skinning is exact
 * there, so natural poses (hanging or folded arms, standing, sitting) are only half a turn away; from the T-pose they would
 * be a whole one. The weights carry the mesh back to the T-pose.
 */
export const MODEL_POSE: readonly Affine[] = poseJoints([
  ...bothSides('UpperArm', 'z', -46),
  ...bothSides('LowerArm', 'y', -35),
  ...bothSides('UpperLeg', 'x', -45),
  ...bothSides('LowerLeg', 'x', 50),
  ...bothSides('Foot', 'x', -5),
]);

const TO_REST = MODEL_POSE.map(invert);

/** Carries a point that moves with a bone from the model pose back to the rest pose. */
export function toRest(bone: string, p: Vec3): Vec3 {
  return transformPoint(TO_REST[jointIndex(bone)]!, p);
}

/** Carries a point that moves with a bone from the rest pose to the model pose. */
export function toModel(bone: string, p: Vec3): Vec3 {
  return transformPoint(MODEL_POSE[jointIndex(bone)]!, p);
}

/** Position of a bone in the model pose. */
export function modelAt(bone: string): Vec3 {
  return toModel(bone, restAt(bone));
}

/** A shape of the rest pose, carried rigidly by a bone into the model pose. */
export function carried(bone: string, shape: Sdf): Sdf {
  const m = TO_REST[jointIndex(bone)]!;
  const [a, b, c, d, e, f, g, h, i, j, k, l] = m;
  return (x, y, z) =>
    shape(a! * x + b! * y + c! * z + d!, e! * x + f! * y + g! * z + h!, i! * x + j! * y + k! * z + l!);
}

/** A box in the model pose around a rest-pose box carried by a bone. */
export function carriedBounds(bone: string, { min, max }: Bounds): Bounds {
  const corners = [0, 1, 2, 3, 4, 5, 6, 7].map((c) =>
    toModel(bone, [c & 1 ? max[0] : min[0], c & 2 ? max[1] : min[1], c & 4 ? max[2] : min[2]]),
  );
  const extreme = (pick: (...values: number[]) => number): Vec3 => [
    pick(...corners.map((p) => p[0])),
    pick(...corners.map((p) => p[1])),
    pick(...corners.map((p) => p[2])),
  ];
  return { min: extreme(Math.min), max: extreme(Math.max) };
}

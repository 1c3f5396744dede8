import { type Affine, IDENTITY, multiply, turnAbout } from './affine';
import { REST_JOINTS } from './restSkeleton';

/** One turn of a bone about a world axis of the rest pose. */
export interface JointTurn {
  readonly bone: string;
  readonly axis: 'x' | 'y' | 'z';
  readonly degrees: number;
}

/** For each bone the matrix that carries its rest-pose surroundings into the pose. */
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

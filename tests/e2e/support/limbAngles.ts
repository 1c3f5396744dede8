import { BONE_INDEX, type BoneName } from '@/lib/pose/bones';
import { createBodyState, solveBody } from '@/lib/pose/forwardKinematics';
import { createPose, ROTATIONS_OFFSET } from '@/lib/pose/pose';

/** A direction or place: x y z. */
export type Vector = readonly [x: number, y: number, z: number];

const pose = createPose();
const state = createBodyState();

function subtract(a: Vector, b: Vector): Vector {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

/** Angle between two directions, degrees. */
function angleDeg(a: Vector, b: Vector): number {
  const dot = a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
  return (Math.acos(Math.max(-1, Math.min(1, dot / (Math.hypot(...a) * Math.hypot(...b))))) * 180) / Math.PI;
}

/** Angles of an arm, degrees. */
export interface ArmAngles {
  /** Upper arm, from straight down. */
  readonly shoulder: number;
  /** Forearm, from the line of the upper arm. */
  readonly elbow: number;
  /** Forearm, from straight up. */
  readonly forearm: number;
}

/** Angles of an arm from the positions of its joints; `up` is the up axis of their space. */
export function armAngles(shoulder: Vector, elbow: Vector, wrist: Vector, up: Vector): ArmAngles {
  const upper = subtract(elbow, shoulder);
  const lower = subtract(wrist, elbow);
  const down: Vector = [-up[0], -up[1], -up[2]];
  return { shoulder: angleDeg(upper, down), elbow: angleDeg(upper, lower), forearm: angleDeg(lower, up) };
}

/** Positions of bones as drawn, from `bones` (x y z w of each of the 52); metres in the avatar's root space. */
export function drawnPlaces(bones: readonly number[]): (bone: BoneName) => Vector {
  pose.values.set(bones, ROTATIONS_OFFSET);
  solveBody(pose, state);
  const { positions } = state;
  return (bone) => {
    const at = BONE_INDEX[bone] * 3;
    return [positions[at]!, positions[at + 1]!, positions[at + 2]!];
  };
}

/** Angles of an arm as drawn. */
export function drawnArm(bones: readonly number[], side: 'left' | 'right'): ArmAngles {
  const place = drawnPlaces(bones);
  return armAngles(place(`${side}UpperArm`), place(`${side}LowerArm`), place(`${side}Hand`), [0, 1, 0]);
}

import { smoothstep } from '../sdf/scalar';
import type { Vec3 } from '../sdf/sdf';
import { add, distanceToSegment, dot, normalize, scale, subtract } from '../sdf/vec';
import { toRest } from '../skeleton/modelPose';
import { restAt } from '../skeleton/restSkeleton';
import type { BoneShares } from './boneWeights';

interface Finger {
  readonly bones: readonly [string, string, string];
  /** The three joints and the tip, left hand, rest pose. */
  readonly points: readonly [Vec3, Vec3, Vec3, Vec3];
  /** Half width (m) of the blend at the knuckle. */
  readonly blend: number;
}

const TIP_LENGTH = 0.022;
const JOINT_BLEND = 0.006;

function finger(name: string, segments: readonly [string, string, string]): Finger {
  const bones = segments.map((segment) => name + segment) as [string, string, string];
  const [a, b, c] = bones.map((bone) => restAt(`left${bone}`)) as [Vec3, Vec3, Vec3];
  const tip = add(c, scale(normalize(subtract(c, b)), TIP_LENGTH));
  return { bones, points: [a, b, c, tip], blend: name === 'Thumb' ? 0.01 : 0.007 };
}

const FINGERS: readonly Finger[] = [
  finger('Thumb', ['Metacarpal', 'Proximal', 'Distal']),
  ...['Index', 'Middle', 'Ring', 'Little'].map((name) => finger(name, ['Proximal', 'Intermediate', 'Distal'])),
];

function distanceToFinger(p: Vec3, { points: [a, b, c, d] }: Finger): number {
  return Math.min(distanceToSegment(p, a, b), distanceToSegment(p, b, c), distanceToSegment(p, c, d));
}

function nearestFinger(p: Vec3): Finger {
  return FINGERS.reduce((best, next) => (distanceToFinger(p, next) < distanceToFinger(p, best) ? next : best));
}

/** How far a point lies past a finger's joint, 0 before to 1 beyond. */
function past(p: Vec3, { points, blend }: Finger, joint: 0 | 1 | 2): number {
  const along = normalize(subtract(points[joint + 1]!, points[joint]!));
  const half = joint === 0 ? blend : JOINT_BLEND;
  return smoothstep(-half, half, dot(subtract(p, points[joint]!), along));
}

/** Shares of hand and finger bones at a point of the model pose. */
export function handWeights(p: Vec3): BoneShares {
  const side = p[0] >= 0 ? 'left' : 'right';
  const rest = toRest('leftLowerArm', [Math.abs(p[0]), p[1], p[2]]);
  const nearest = nearestFinger(rest);
  const hand = smoothstep(-0.025, 0.025, rest[0] - restAt('leftHand')[0]);
  const [knuckle, middle, last] = [past(rest, nearest, 0), past(rest, nearest, 1), past(rest, nearest, 2)];
  return {
    [`${side}LowerArm`]: 1 - hand,
    [`${side}Hand`]: hand * (1 - knuckle),
    [side + nearest.bones[0]]: hand * knuckle * (1 - middle),
    [side + nearest.bones[1]]: hand * knuckle * middle * (1 - last),
    [side + nearest.bones[2]]: hand * knuckle * middle * last,
  };
}

import { add, distanceToSegment, dot, normalize, scale, smoothstep, subtract } from '../sdf/maths';
import type { Vec3 } from '../sdf/sdf';
import { modelAt, toModel, toRest } from '../skeleton/modelPose';
import { restAt } from '../skeleton/restSkeleton';
import type { BoneShares } from './boneWeights';

/** Spine bones and the height (m) at which each takes over from the one below, over {@link SPINE_BLEND}. */
const SPINE_STEPS = [
  ['spine', 0.855],
  ['chest', 0.945],
  ['upperChest', 1.035],
  ['neck', 1.14],
  ['head', 1.198],
] as const;
const SPINE_BLEND = 0.035;

const SHOULDER = restAt('leftUpperArm');
const ELBOW = restAt('leftLowerArm');
const WRIST = restAt('leftHand');
const HIP = restAt('leftUpperLeg');
const KNEE = restAt('leftLowerLeg');
const ANKLE = restAt('leftFoot');

const SHOULDER_MODEL = modelAt('leftUpperArm');
const ELBOW_MODEL = modelAt('leftLowerArm');
const FINGERS_MODEL = toModel('leftLowerArm', [0.7, WRIST[1], WRIST[2]]);

function spineShares(y: number): BoneShares {
  const shares: BoneShares = {};
  let rest = 1;
  for (const [bone, height] of [...SPINE_STEPS].reverse()) {
    const share = smoothstep(height - SPINE_BLEND, height + SPINE_BLEND, y);
    shares[bone] = rest * share;
    rest *= 1 - share;
  }
  shares['hips'] = rest;
  return shares;
}

/** How far the arm moves a point, 0 torso to 1 arm. */
function armShare(p: Vec3): number {
  const along = toRest('leftUpperArm', p)[0] - SHOULDER[0];
  const halfway = (along + p[0] - SHOULDER[0]) / 2;
  const toArm = Math.min(
    distanceToSegment(p, SHOULDER_MODEL, ELBOW_MODEL),
    distanceToSegment(p, ELBOW_MODEL, FINGERS_MODEL),
  );
  return smoothstep(-0.05, 0.05, halfway) * smoothstep(0.094, 0.064, toArm);
}

/** How far the shoulder girdle, including the arm, moves a point. */
function girdleShare(p: Vec3, arm: number): number {
  return Math.max(arm, smoothstep(0.035, 0.13, p[0]) * smoothstep(0.99, 1.07, p[1]));
}

function addArm(shares: BoneShares, side: string, p: Vec3, girdle: number, arm: number): void {
  const fromUpper = toRest('leftUpperArm', p)[0];
  const fromLower = toRest('leftLowerArm', p)[0];
  const elbow = smoothstep(-0.042, 0.042, (fromUpper + fromLower) / 2 - ELBOW[0]);
  const hand = smoothstep(-0.025, 0.025, fromLower - WRIST[0]);
  shares[`${side}Shoulder`] = girdle - arm;
  shares[`${side}UpperArm`] = arm * (1 - elbow);
  shares[`${side}LowerArm`] = arm * elbow * (1 - hand);
  shares[`${side}Hand`] = arm * elbow * hand;
}

/** How far the legs move a point, measured across the plane that bisects the bend of the hip. */
function legShare(p: Vec3): number {
  const fromThigh = HIP[1] - toRest('leftUpperLeg', p)[1];
  const fromPelvis = HIP[1] - p[1];
  return smoothstep(-0.05, 0.075, (fromThigh + fromPelvis) / 2);
}

function addLeg(shares: BoneShares, side: string, p: Vec3, leg: number): void {
  const fromThigh = KNEE[1] - toRest('leftUpperLeg', p)[1];
  const shin = toRest('leftLowerLeg', p)[1];
  const knee = smoothstep(-0.05, 0.05, (fromThigh + KNEE[1] - shin) / 2);
  const foot = smoothstep(ANKLE[1] + 0.03, ANKLE[1] - 0.01, shin);
  shares[`${side}UpperLeg`] = leg * (1 - knee);
  shares[`${side}LowerLeg`] = leg * knee * (1 - foot);
  shares[`${side}Foot`] = leg * knee * foot;
}

/**
 * Shares of the body's bones at a point of the model pose. Skin and every layer of clothing use the same field, so that
 * layers move together and do not show through one another.
 */
export function bodyWeights(p: Vec3): BoneShares {
  const side = p[0] >= 0 ? 'left' : 'right';
  const onLeft: Vec3 = [Math.abs(p[0]), p[1], p[2]];
  const arm = armShare(onLeft);
  const girdle = girdleShare(onLeft, arm);
  const leg = legShare(onLeft) * (1 - arm);
  const shares = spineShares(Math.min(p[1], 1.14));
  for (const bone of Object.keys(shares)) shares[bone] = shares[bone]! * (1 - girdle) * (1 - leg);
  addArm(shares, side, onLeft, girdle, arm);
  const left = smoothstep(-0.02, 0.02, p[0]);
  addLeg(shares, 'left', onLeft, leg * left);
  addLeg(shares, 'right', onLeft, leg * (1 - left));
  return shares;
}

/** Neck and head; everything above the neck moves with the head. */
export function headWeights(p: Vec3): BoneShares {
  const head = smoothstep(1.158, 1.218, p[1]);
  const neck = smoothstep(1.1, 1.15, p[1]);
  return { head, neck: (1 - head) * neck, upperChest: (1 - head) * (1 - neck) };
}

/** Everything on the head bone. */
export function rigidHead(): BoneShares {
  return { head: 1 };
}

/** Shoes, which bend in front of the ball of the foot. */
export function shoeWeights(p: Vec3): BoneShares {
  const side = p[0] >= 0 ? 'left' : 'right';
  const z = toRest('leftFoot', [Math.abs(p[0]), p[1], p[2]])[2];
  const toes = smoothstep(0.05, 0.085, z);
  return { [`${side}Foot`]: 1 - toes, [`${side}Toes`]: toes };
}

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

import type { ArkitBlendshape } from '@/lib/pose/arkit';
import { bothSides, type JointTurn } from '@/tools/avatars/skeleton/modelPose';

/** Weights of ARKit blendshapes, 0..1; absent ones 0. */
export type ArkitWeights = Readonly<Partial<Record<ArkitBlendshape, number>>>;

type Pair<Name extends string> = Name extends `${infer Stem}Left` ? Stem : never;

function both(stem: Pair<ArkitBlendshape>, weight: number): ArkitWeights {
  return { [`${stem}Left`]: weight, [`${stem}Right`]: weight };
}

function glance(toLeft: boolean, vertical: 'Up' | 'Down'): ArkitWeights {
  const across: ArkitWeights = toLeft
    ? { eyeLookOutLeft: 1, eyeLookInRight: 1 }
    : { eyeLookInLeft: 1, eyeLookOutRight: 1 };
  return { ...across, ...both(`eyeLook${vertical}`, 1) };
}

/** Ten strong expressions as read from a webcam; the last two are glances as far as eyes go. */
const EXPRESSIONS = {
  joy: {
    ...both('mouthSmile', 1),
    ...both('cheekSquint', 0.8),
    ...both('eyeSquint', 0.8),
    ...both('mouthUpperUp', 0.4),
    ...both('browOuterUp', 0.4),
    jawOpen: 0.35,
    browInnerUp: 0.3,
  },
  smile: { ...both('mouthSmile', 0.7), ...both('eyeBlink', 0.2), ...both('cheekSquint', 0.4) },
  sadness: { ...both('mouthFrown', 0.95), ...both('eyeBlink', 0.25), browInnerUp: 1, mouthShrugLower: 0.3 },
  anger: { ...both('browDown', 1), ...both('mouthFrown', 0.7), ...both('eyeSquint', 0.5), ...both('noseSneer', 0.6) },
  surprise: { ...both('eyeWide', 1), ...both('browOuterUp', 0.95), browInnerUp: 0.9, jawOpen: 0.6, mouthFunnel: 0.5 },
  laughter: { ...both('mouthSmile', 0.8), ...both('eyeBlink', 1), ...both('mouthUpperUp', 0.6), jawOpen: 0.8 },
  speech: { ...both('mouthLowerDown', 0.3), mouthFunnel: 0.4, jawOpen: 0.4, tongueOut: 0.3 },
  wink: { ...both('mouthSmile', 0.5), eyeBlinkRight: 1, mouthPucker: 0.2, cheekSquintRight: 0.6 },
  glanceUp: glance(true, 'Up'),
  glanceDown: glance(false, 'Down'),
} as const satisfies Readonly<Record<string, ArkitWeights>>;

const FINGERS = ['Index', 'Middle', 'Ring', 'Little'] as const;
const FINGER_JOINTS = ['Proximal', 'Intermediate', 'Distal'] as const;

/** Every finger joint of one hand bent by `degrees` towards the palm; the thumb stays. */
function curl(side: 'left' | 'right', degrees: number): JointTurn[] {
  const signed = side === 'left' ? -degrees : degrees;
  return FINGERS.flatMap((finger) =>
    FINGER_JOINTS.map((joint): JointTurn => ({ bone: `${side}${finger}${joint}`, axis: 'z', degrees: signed })),
  );
}

const RELAXED_FINGERS = [...curl('left', 14), ...curl('right', 14)];
const HANGING_LEFT: readonly JointTurn[] = [
  { bone: 'leftUpperArm', axis: 'z', degrees: -72 },
  { bone: 'leftLowerArm', axis: 'y', degrees: -15 },
];

/** Arms at the sides. */
const STANDING: readonly JointTurn[] = [
  ...bothSides('UpperArm', 'z', -72),
  ...bothSides('LowerArm', 'y', -15),
  ...RELAXED_FINGERS,
];

/** On a chair, hands above the thighs. */
const SEATED: readonly JointTurn[] = [
  ...bothSides('UpperLeg', 'x', -88),
  ...bothSides('LowerLeg', 'x', 86),
  ...bothSides('UpperArm', 'z', -66),
  ...bothSides('UpperArm', 'x', 22),
  ...bothSides('LowerArm', 'y', -62),
  ...RELAXED_FINGERS,
];

/** The right hand raised beside the head. */
const WAVING: readonly JointTurn[] = [
  ...HANGING_LEFT,
  { bone: 'rightUpperArm', axis: 'z', degrees: 25 },
  { bone: 'rightLowerArm', axis: 'z', degrees: -95 },
  { bone: 'head', axis: 'z', degrees: 6 },
  ...curl('left', 14),
];

/** Forearms folded before the chest, the left one in front. */
const ARMS_CROSSED: readonly JointTurn[] = [
  { bone: 'leftUpperArm', axis: 'z', degrees: -62 },
  { bone: 'leftUpperArm', axis: 'y', degrees: -30 },
  { bone: 'leftUpperArm', axis: 'x', degrees: 52 },
  { bone: 'leftLowerArm', axis: 'y', degrees: -98 },
  { bone: 'rightUpperArm', axis: 'z', degrees: 66 },
  { bone: 'rightUpperArm', axis: 'y', degrees: 22 },
  { bone: 'rightUpperArm', axis: 'x', degrees: 58 },
  { bone: 'rightLowerArm', axis: 'y', degrees: 98 },
  ...RELAXED_FINGERS,
];

/** Thinking: the right hand at the chin, the other arm across the belly. */
const HAND_AT_CHIN: readonly JointTurn[] = [
  { bone: 'leftUpperArm', axis: 'z', degrees: -66 },
  { bone: 'leftUpperArm', axis: 'x', degrees: 52 },
  { bone: 'leftLowerArm', axis: 'y', degrees: -82 },
  { bone: 'rightUpperArm', axis: 'z', degrees: 52 },
  { bone: 'rightUpperArm', axis: 'y', degrees: 44 },
  { bone: 'rightUpperArm', axis: 'x', degrees: 14 },
  { bone: 'rightLowerArm', axis: 'y', degrees: 136 },
  { bone: 'head', axis: 'z', degrees: 5 },
  { bone: 'head', axis: 'x', degrees: 4 },
  ...curl('left', 14),
  ...curl('right', 40),
];

/** Part of the avatar that a picture shows. */
export type Framing = 'face' | 'bust' | 'whole';

/** One picture of an avatar. */
export interface AvatarShot {
  readonly name: string;
  readonly framing: Framing;
  /** How far the lens is turned about the avatar, to its left, degrees. */
  readonly turnDegrees: number;
  readonly stance: readonly JointTurn[];
  readonly face: ArkitWeights;
}

/** Turned faces show more of the profile, straight ones more of the eyes. */
const TURNED: Readonly<Partial<Record<keyof typeof EXPRESSIONS, number>>> = { surprise: 25, speech: 25, laughter: -20 };

function face(name: string, turnDegrees: number, weights: ArkitWeights): AvatarShot {
  return { name, framing: 'face', turnDegrees, stance: STANDING, face: weights };
}

function pose(name: string, framing: Framing, turnDegrees: number, stance: readonly JointTurn[]): AvatarShot {
  return { name, framing, turnDegrees, stance, face: {} };
}

/** The neutral face, ten expressions and five poses, one of them from behind. */
export const AVATAR_SHOTS: readonly AvatarShot[] = [
  face('neutral', 0, {}),
  ...Object.entries(EXPRESSIONS).map(([name, weights]) =>
    face(name, TURNED[name as keyof typeof EXPRESSIONS] ?? 0, weights),
  ),
  pose('standing, from behind', 'whole', 150, STANDING),
  pose('seated', 'whole', 35, SEATED),
  pose('waving', 'bust', -15, WAVING),
  pose('arms crossed', 'bust', 20, ARMS_CROSSED),
  pose('hand at the chin', 'bust', -30, HAND_AT_CHIN),
];

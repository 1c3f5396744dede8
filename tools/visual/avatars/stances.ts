import { bothSides, type JointTurn } from '@/tools/avatars/skeleton/modelPose';

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
export const STANDING: readonly JointTurn[] = [
  ...bothSides('UpperArm', 'z', -72),
  ...bothSides('LowerArm', 'y', -15),
  ...RELAXED_FINGERS,
];

/** On a chair, hands above the thighs. */
export const SEATED: readonly JointTurn[] = [
  ...bothSides('UpperLeg', 'x', -88),
  ...bothSides('LowerLeg', 'x', 86),
  ...bothSides('UpperArm', 'z', -66),
  ...bothSides('UpperArm', 'x', 22),
  ...bothSides('LowerArm', 'y', -62),
  ...RELAXED_FINGERS,
];

/** The right hand raised beside the head. */
export const WAVING: readonly JointTurn[] = [
  ...HANGING_LEFT,
  { bone: 'rightUpperArm', axis: 'z', degrees: 25 },
  { bone: 'rightLowerArm', axis: 'z', degrees: -95 },
  { bone: 'head', axis: 'z', degrees: 6 },
  ...curl('left', 14),
];

/** Forearms folded before the chest, the left one in front. */
export const ARMS_CROSSED: readonly JointTurn[] = [
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

/** The right hand at the chin, thinking; the other arm across the belly. */
export const HAND_AT_CHIN: readonly JointTurn[] = [
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

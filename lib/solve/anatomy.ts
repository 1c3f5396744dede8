import { BODY_BONE_COUNT, BONE_INDEX, FINGER_BONES } from '@/lib/pose/bones';
import type { Limb } from './body/boneLengths';

/** Indices in MediaPipe's pose model of the landmarks that the solver reads; left and right are the person's own. */
export const BodyLandmark = {
  nose: 0,
  leftEye: 2,
  rightEye: 5,
  leftEar: 7,
  rightEar: 8,
  leftMouth: 9,
  rightMouth: 10,
  leftShoulder: 11,
  rightShoulder: 12,
  leftElbow: 13,
  rightElbow: 14,
  leftWrist: 15,
  rightWrist: 16,
  leftLittle: 17,
  rightLittle: 18,
  leftIndex: 19,
  rightIndex: 20,
  leftThumb: 21,
  rightThumb: 22,
  leftHip: 23,
  rightHip: 24,
  leftKnee: 25,
  rightKnee: 26,
  leftAnkle: 27,
  rightAnkle: 28,
  leftHeel: 29,
  rightHeel: 30,
  leftToe: 31,
  rightToe: 32,
} as const;

/** The landmark of the same name on the other side. */
export const OTHER_SIDE: readonly number[] = [
  0, 4, 5, 6, 1, 2, 3, 8, 7, 10, 9, 12, 11, 14, 13, 16, 15, 18, 17, 20, 19, 22, 21, 24, 23, 26, 25, 28, 27, 30, 29, 32,
  31,
];

/** Indices in MediaPipe's hand model: the wrist, and the first of each finger's four points, thumb to little finger. */
export const HAND_WRIST = 0;
export const FINGER_ROOTS = [1, 5, 9, 13, 17] as const;

/** One side of the body: its bones (indices in `BONES`), its landmarks, and how it mirrors. */
export interface Side {
  /** 1 for the left, where limbs in T-pose point along +X; -1 for the right. */
  readonly mirror: 1 | -1;
  readonly bone: {
    readonly shoulder: number;
    readonly upperArm: number;
    readonly lowerArm: number;
    readonly hand: number;
    readonly firstFinger: number;
    readonly upperLeg: number;
    readonly lowerLeg: number;
    readonly foot: number;
  };
  readonly arm: Limb;
  readonly leg: Limb;
  readonly landmark: {
    readonly shoulder: number;
    readonly elbow: number;
    readonly wrist: number;
    readonly little: number;
    readonly index: number;
    readonly hip: number;
    readonly knee: number;
    readonly ankle: number;
    readonly heel: number;
    readonly toe: number;
  };
}

const FINGER_BONES_A_HAND = FINGER_BONES.length / 2;

const LEFT: Side = {
  mirror: 1,
  bone: {
    shoulder: BONE_INDEX.leftShoulder,
    upperArm: BONE_INDEX.leftUpperArm,
    lowerArm: BONE_INDEX.leftLowerArm,
    hand: BONE_INDEX.leftHand,
    firstFinger: BODY_BONE_COUNT,
    upperLeg: BONE_INDEX.leftUpperLeg,
    lowerLeg: BONE_INDEX.leftLowerLeg,
    foot: BONE_INDEX.leftFoot,
  },
  arm: {
    root: BodyLandmark.leftShoulder,
    joint: BodyLandmark.leftElbow,
    end: BodyLandmark.leftWrist,
    other: BodyLandmark.rightShoulder,
  },
  leg: {
    root: BodyLandmark.leftHip,
    joint: BodyLandmark.leftKnee,
    end: BodyLandmark.leftAnkle,
    other: BodyLandmark.rightHip,
  },
  landmark: {
    shoulder: BodyLandmark.leftShoulder,
    elbow: BodyLandmark.leftElbow,
    wrist: BodyLandmark.leftWrist,
    little: BodyLandmark.leftLittle,
    index: BodyLandmark.leftIndex,
    hip: BodyLandmark.leftHip,
    knee: BodyLandmark.leftKnee,
    ankle: BodyLandmark.leftAnkle,
    heel: BodyLandmark.leftHeel,
    toe: BodyLandmark.leftToe,
  },
};

const RIGHT: Side = {
  mirror: -1,
  bone: {
    shoulder: BONE_INDEX.rightShoulder,
    upperArm: BONE_INDEX.rightUpperArm,
    lowerArm: BONE_INDEX.rightLowerArm,
    hand: BONE_INDEX.rightHand,
    firstFinger: BODY_BONE_COUNT + FINGER_BONES_A_HAND,
    upperLeg: BONE_INDEX.rightUpperLeg,
    lowerLeg: BONE_INDEX.rightLowerLeg,
    foot: BONE_INDEX.rightFoot,
  },
  arm: {
    root: BodyLandmark.rightShoulder,
    joint: BodyLandmark.rightElbow,
    end: BodyLandmark.rightWrist,
    other: BodyLandmark.leftShoulder,
  },
  leg: {
    root: BodyLandmark.rightHip,
    joint: BodyLandmark.rightKnee,
    end: BodyLandmark.rightAnkle,
    other: BodyLandmark.leftHip,
  },
  landmark: {
    shoulder: BodyLandmark.rightShoulder,
    elbow: BodyLandmark.rightElbow,
    wrist: BodyLandmark.rightWrist,
    little: BodyLandmark.rightLittle,
    index: BodyLandmark.rightIndex,
    hip: BodyLandmark.rightHip,
    knee: BodyLandmark.rightKnee,
    ankle: BodyLandmark.rightAnkle,
    heel: BodyLandmark.rightHeel,
    toe: BodyLandmark.rightToe,
  },
};

export const SIDES: readonly [Side, Side] = [LEFT, RIGHT];

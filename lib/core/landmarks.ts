/** Points of MediaPipe's pose model, in its order: 0 nose .. 11 left shoulder .. 32 right foot index. */
export const BODY_LANDMARK_COUNT = 33;

/** Points of MediaPipe's hand model, in its order: 0 wrist, then thumb to little finger, four each, from the palm out. */
export const HAND_LANDMARK_COUNT = 21;

/**
 * The face model's blendshapes, in its order. `_neutral` is the absence of expression; ARKit's `tongueOut` is not among them.
 */
export const FACE_BLENDSHAPES = [
  '_neutral',
  'browDownLeft',
  'browDownRight',
  'browInnerUp',
  'browOuterUpLeft',
  'browOuterUpRight',
  'cheekPuff',
  'cheekSquintLeft',
  'cheekSquintRight',
  'eyeBlinkLeft',
  'eyeBlinkRight',
  'eyeLookDownLeft',
  'eyeLookDownRight',
  'eyeLookInLeft',
  'eyeLookInRight',
  'eyeLookOutLeft',
  'eyeLookOutRight',
  'eyeLookUpLeft',
  'eyeLookUpRight',
  'eyeSquintLeft',
  'eyeSquintRight',
  'eyeWideLeft',
  'eyeWideRight',
  'jawForward',
  'jawLeft',
  'jawOpen',
  'jawRight',
  'mouthClose',
  'mouthDimpleLeft',
  'mouthDimpleRight',
  'mouthFrownLeft',
  'mouthFrownRight',
  'mouthFunnel',
  'mouthLeft',
  'mouthLowerDownLeft',
  'mouthLowerDownRight',
  'mouthPressLeft',
  'mouthPressRight',
  'mouthPucker',
  'mouthRight',
  'mouthRollLower',
  'mouthRollUpper',
  'mouthShrugLower',
  'mouthShrugUpper',
  'mouthSmileLeft',
  'mouthSmileRight',
  'mouthStretchLeft',
  'mouthStretchRight',
  'mouthUpperUpLeft',
  'mouthUpperUpRight',
  'noseSneerLeft',
  'noseSneerRight',
] as const;

export const FACE_BLENDSHAPE_COUNT = FACE_BLENDSHAPES.length;

/** When a part was read: the capture time of the picture it was read from, milliseconds of the page's clock. */
interface Reading {
  readonly timeMs: number;
}

/**
 * A body. Left and right are the person's own. World points are metres from the middle of the hips, in the webcam's axes: x to
 * the picture's right, y down, z away from the webcam. Picture points are shares of its width and height (0,0 top left), with
 * z in the unit of x, from the hips.
 */
export interface BodyReading extends Reading {
  /** {@link BODY_LANDMARK_COUNT} x (x, y, z), world. */
  readonly world: Float32Array;
  /** {@link BODY_LANDMARK_COUNT} x (x, y, z), picture. */
  readonly image: Float32Array;
  /** {@link BODY_LANDMARK_COUNT}, 0..1. */
  readonly visibility: Float32Array;
}

/** A face. */
export interface FaceReading extends Reading {
  /**
   * 4 x 4, column by column: from the canonical face (centimetres; x to its own left, y up, z out of the face) to the
   * webcam's space (centimetres; x to the picture's right, y up, z towards the viewer).
   */
  readonly matrix: Float32Array;
  /** {@link FACE_BLENDSHAPES}, 0..1; sides are the person's own. */
  readonly blendshapes: Float32Array;
}

/** A hand: axes and units as in {@link BodyReading}, world points from the hand's own middle. */
export interface HandReading extends Reading {
  /** {@link HAND_LANDMARK_COUNT} x (x, y, z), world. */
  readonly world: Float32Array;
  /** {@link HAND_LANDMARK_COUNT} x (x, y, z), picture. */
  readonly image: Float32Array;
  /** The model's confidence in the side, 0..1. */
  readonly score: number;
}

/**
 * What is known about one person in the webcam's picture. Parts are read at rates of their own and carry their own times. A part
 * is null if it was not found the last time; a hand is null also while its wrist is out of sight, when it is not looked for.
 */
export interface LandmarkFrame {
  /** Capture time of the newest picture in it, milliseconds of the page's clock. */
  readonly timeMs: number;
  readonly imageWidthPx: number;
  readonly imageHeightPx: number;
  readonly body: BodyReading | null;
  readonly face: FaceReading | null;
  readonly leftHand: HandReading | null;
  readonly rightHand: HandReading | null;
}

import type { ArkitBlendshape } from '@/lib/pose/arkit';

export type Side = 'Left' | 'Right';

/** ARKit has no eyes closed from below by a smile: two more weights for the `happy` preset. */
export type FaceChannel = ArkitBlendshape | 'eyeHappyLeft' | 'eyeHappyRight';

/** Weights of a face, 0..1; absent ones are 0. */
export type FaceWeights = Readonly<Partial<Record<FaceChannel, number>>>;

export function weightOf(weights: FaceWeights, channel: FaceChannel): number {
  return weights[channel] ?? 0;
}

/** +1 on the avatar's left, -1 on its right. */
export function sign(side: Side): 1 | -1 {
  return side === 'Left' ? 1 : -1;
}

type Pair =
  | 'browDown'
  | 'browOuterUp'
  | 'cheekSquint'
  | 'eyeBlink'
  | 'eyeHappy'
  | 'eyeLookDown'
  | 'eyeLookUp'
  | 'eyeSquint'
  | 'eyeWide'
  | 'mouthFrown'
  | 'mouthLowerDown'
  | 'mouthPress'
  | 'mouthSmile'
  | 'mouthStretch'
  | 'mouthUpperUp'
  | 'noseSneer';

function both(pair: Pair, weight: number): Partial<Record<FaceChannel, number>> {
  return { [`${pair}Left`]: weight, [`${pair}Right`]: weight };
}

/** Presets of VRM 1.0 with their own morph: modelled as a whole, not as a sum of ARKit morphs. */
export const MODELLED_PRESETS = {
  aa: { jawOpen: 0.72, ...both('mouthUpperUp', 0.35), ...both('mouthLowerDown', 0.2) },
  ih: { jawOpen: 0.26, ...both('mouthStretch', 0.55), ...both('mouthUpperUp', 0.4) },
  ou: { jawOpen: 0.22, mouthPucker: 0.85 },
  ee: { jawOpen: 0.36, ...both('mouthStretch', 0.7), ...both('mouthSmile', 0.25), ...both('mouthUpperUp', 0.35) },
  oh: { jawOpen: 0.55, mouthFunnel: 0.75 },
  happy: {
    ...both('mouthSmile', 1),
    jawOpen: 0.38,
    ...both('mouthUpperUp', 0.45),
    ...both('eyeHappy', 1),
    browInnerUp: 0.35,
    ...both('browOuterUp', 0.45),
    ...both('cheekSquint', 0.8),
  },
  angry: {
    ...both('browDown', 1),
    ...both('mouthFrown', 0.75),
    ...both('eyeSquint', 0.45),
    ...both('mouthPress', 0.5),
    ...both('noseSneer', 0.6),
  },
  sad: {
    browInnerUp: 1,
    ...both('mouthFrown', 0.95),
    ...both('eyeBlink', 0.28),
    ...both('eyeLookDown', 0.25),
    mouthShrugLower: 0.3,
  },
  relaxed: { ...both('mouthSmile', 0.7), ...both('eyeBlink', 0.3), ...both('browOuterUp', 0.15) },
  surprised: { ...both('eyeWide', 1), browInnerUp: 0.9, ...both('browOuterUp', 0.95), jawOpen: 0.6, mouthFunnel: 0.55 },
} as const satisfies Record<string, FaceWeights>;

/** Presets of VRM 1.0 that bind ARKit morphs. */
export const BOUND_PRESETS = {
  neutral: {},
  blink: both('eyeBlink', 1),
  blinkLeft: { eyeBlinkLeft: 1 },
  blinkRight: { eyeBlinkRight: 1 },
  lookUp: both('eyeLookUp', 1),
  lookDown: both('eyeLookDown', 1),
  lookLeft: { eyeLookOutLeft: 1, eyeLookInRight: 1 },
  lookRight: { eyeLookInLeft: 1, eyeLookOutRight: 1 },
} as const satisfies Record<string, FaceWeights>;

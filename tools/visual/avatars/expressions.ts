import type { ArkitBlendshape } from '@/lib/pose/arkit';

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

/** Ten faces as a camera reads them, strong ones; the last two are glances as far as eyes go. */
export const EXPRESSIONS = {
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

import type { ArkitBlendshape } from './arkit';

type Mix = Readonly<Partial<Record<ArkitBlendshape, number>>>;

/**
 * The preset expressions of VRM 1.0, and how strongly each ARKit blendshape plays them where a face knows no ARKit. Left and right
 * halves share an expression that moves both. Emotions are played softly: they also close the eyes or bend the brows.
 */
export const VRM_EXPRESSIONS: Readonly<Record<string, Mix>> = {
  aa: { jawOpen: 1 },
  oh: { mouthFunnel: 1 },
  ou: { mouthPucker: 1 },
  ih: { mouthStretchLeft: 0.5, mouthStretchRight: 0.5 },
  ee: { mouthUpperUpLeft: 0.4, mouthUpperUpRight: 0.4 },
  blink: { eyeBlinkLeft: 0.5, eyeBlinkRight: 0.5 },
  blinkLeft: { eyeBlinkLeft: 1 },
  blinkRight: { eyeBlinkRight: 1 },
  happy: { mouthSmileLeft: 0.35, mouthSmileRight: 0.35 },
  sad: { mouthFrownLeft: 0.35, mouthFrownRight: 0.35, browInnerUp: 0.3 },
  angry: { browDownLeft: 0.35, browDownRight: 0.35 },
  surprised: { eyeWideLeft: 0.3, eyeWideRight: 0.3, browOuterUpLeft: 0.3, browOuterUpRight: 0.3 },
  lookUp: { eyeLookUpLeft: 0.5, eyeLookUpRight: 0.5 },
  lookDown: { eyeLookDownLeft: 0.5, eyeLookDownRight: 0.5 },
  lookLeft: { eyeLookOutLeft: 0.5, eyeLookInRight: 0.5 },
  lookRight: { eyeLookInLeft: 0.5, eyeLookOutRight: 0.5 },
};

import { ARKIT_COUNT } from '@/lib/pose/arkit';

/** Numbers of a texel. */
export const TEXEL = 4;
/** Numbers of a 3x4 matrix: three texels, a row of the matrix each. */
export const MATRIX = 12;
/** The head of a row: brightness, then how many morph weights follow. */
export const HEAD_BRIGHTNESS = 0;
export const HEAD_MORPHS = 1;

/** Texels for the morphs that are not at 0: target and weight, two pairs a texel. */
const MORPH_TEXELS = Math.ceil(ARKIT_COUNT / 2);

/**
 * Where things lie in an avatar's row of the rig texture: the head (one texel), the matrices (three each), the morphs.
 * One texture for all of it, so that a model's people cost one upload a frame.
 */
export interface RigRowLayout {
  readonly widthTexels: number;
  /** First texel of the morphs. */
  readonly morphTexel: number;
}

/** First number of the matrices in a row. */
export const MATRICES_AT = TEXEL;

export function rigRowLayout(entryCount: number, hasMorphs: boolean): RigRowLayout {
  const morphTexel = 1 + entryCount * (MATRIX / TEXEL);
  return { widthTexels: morphTexel + (hasMorphs ? MORPH_TEXELS : 0), morphTexel };
}

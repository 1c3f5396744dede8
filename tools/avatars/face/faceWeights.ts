import type { ArkitBlendshape } from '@/lib/pose/arkit';

export type Side = 'Left' | 'Right';

/** ARKit has no eyes shut by a smile from below: two more weights for the `happy` preset. */
export type FaceChannel = ArkitBlendshape | 'eyeHappyLeft' | 'eyeHappyRight';

/** What a face does: weights 0..1, absent ones 0. */
export type FaceWeights = Readonly<Partial<Record<FaceChannel, number>>>;

export function weightOf(weights: FaceWeights, channel: FaceChannel): number {
  return weights[channel] ?? 0;
}

/** +1 on the avatar's left, -1 on its right. */
export function sign(side: Side): 1 | -1 {
  return side === 'Left' ? 1 : -1;
}

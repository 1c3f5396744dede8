import { AVATAR_LIMITS } from '../limits';

/** How easy an avatar is to draw, best first. */
export const AVATAR_RANKS = ['excellent', 'good', 'medium', 'poor', 'tooHeavy'] as const;
export type AvatarRank = (typeof AVATAR_RANKS)[number];

/** The figures by which an avatar is ranked. */
export const RANKED_FIGURES = [
  'triangles',
  'materials',
  'joints',
  'springJoints',
  'images',
  'textureSidePx',
  'texturePixels',
  'sizeBytes',
] as const;
export type RankedFigure = (typeof RANKED_FIGURES)[number];

type Thresholds = readonly [excellent: number, good: number, medium: number, poor: number];

const ANY = Number.POSITIVE_INFINITY;
const MEGAPIXEL = 1024 * 1024;

/**
 * The most of each figure that a rank allows. For figures that VRChat ranks on phones, its steps
 * (https://creators.vrchat.com/avatars/avatar-performance-ranking-system): 7,500 / 10,000 / 15,000 triangles, 1 / 1 / 2 / 4
 * materials, 75 / 90 bones, 0 / 16 / 32 / 64 sprung bones, 10 / 18 / 25 / 40 MB of textures, which are 2 to 7.5 million
 * pixels of four bytes with their smaller copies. The last step is Parley's own limit ({@link AVATAR_LIMITS}), of which
 * 32,000 triangles and 128 joints are Cluster's and 10 MB VRChat's for phones. Materials, springs and pixels have no last
 * step: materials are merged, springs only move what is near, and pixels are bounded by number and side of the images.
 */
const RANK_THRESHOLDS: Readonly<Record<RankedFigure, Thresholds>> = {
  triangles: [7500, 10_000, 15_000, AVATAR_LIMITS.triangles],
  materials: [1, 2, 4, ANY],
  joints: [75, 90, 110, AVATAR_LIMITS.joints],
  springJoints: [0, 16, 32, ANY],
  images: [2, 4, 8, AVATAR_LIMITS.images],
  textureSidePx: [1024, 1024, AVATAR_LIMITS.textureSidePx, AVATAR_LIMITS.textureSidePx],
  texturePixels: [2 * MEGAPIXEL, 3.5 * MEGAPIXEL, 5 * MEGAPIXEL, ANY],
  sizeBytes: [1_000_000, 3_000_000, 6_000_000, AVATAR_LIMITS.sizeBytes],
};

/** A figure's rank, and what the next better rank allows; null if there is none. */
export interface FigureRank {
  readonly figure: RankedFigure;
  readonly value: number;
  readonly rank: AvatarRank;
  readonly next: { readonly rank: AvatarRank; readonly atMost: number } | null;
}

/** Ranks one figure. */
export function rankFigure(figure: RankedFigure, value: number): FigureRank {
  const steps = RANK_THRESHOLDS[figure];
  const found = steps.findIndex((most) => value <= most);
  const place = found < 0 ? steps.length : found;
  // A better rank with the same limit would ask for no change.
  const better = place === 0 ? -1 : steps.findIndex((most) => most === steps[place - 1]);
  const next = better < 0 ? null : { rank: AVATAR_RANKS[better]!, atMost: steps[better]! };
  return { figure, value, rank: AVATAR_RANKS[place]!, next };
}

/** The worst of the ranks, which is the avatar's. */
export function worstRank(figures: readonly FigureRank[]): AvatarRank {
  return AVATAR_RANKS[Math.max(0, ...figures.map(({ rank }) => AVATAR_RANKS.indexOf(rank)))]!;
}

import type { RigSprings } from './rigSprings';

/**
 * A model's skeleton as it is solved: what each bone does to the body at rest, not where the bone's node lies. The
 * matrix of a bone takes a point of the body at rest (root space) to where the pose puts it. So rest rotations, scales
 * and nodes between bones drop out, and bones that aren't moved need no matrix of their own.
 *
 * A row of matrices holds: the root's (entry 0), one a bone (parents first), one a joint that swings (parents first), then
 * the extra ones.
 */
export interface RigSkeleton {
  /** Matrices of a row. */
  readonly entryCount: number;
  /** Index in `BONES` of each solved bone; the matrix of bone `i` is entry `i + 1`. Fingers come last. */
  readonly bones: Uint8Array;
  /** Bones before the fingers. */
  readonly bodyCount: number;
  /** Entry of each bone's parent, 0 for the root. */
  readonly parents: Uint16Array;
  /** Joint of each bone at rest: x y z, metres, root space. */
  readonly pivots: Float32Array;
  /** Entry of each bone of `BONES`, -1 where the model has none. */
  readonly entryOfBone: Int16Array;
  /** Matrices for skins that are not bound to the body at rest. None in most models. */
  readonly extras: RigExtras;
  /** Hair, clothes and jewellery that swing; null where nothing does. */
  readonly springs: RigSprings | null;
}

/** Entry `i` after those of bones and springs is the matrix of `parents[i]` times `matrices[i]`. */
export interface RigExtras {
  readonly parents: Uint16Array;
  /** 3x4, row by row, twelve numbers each. */
  readonly matrices: Float32Array;
}

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
interface RigExtras {
  readonly parents: Uint16Array;
  /** 3x4, row by row, twelve numbers each. */
  readonly matrices: Float32Array;
}

/**
 * What swings on a rig, flat: the matrix of joint `i` is the rig's entry `entries[i]`, parents first. Points and vectors
 * are of the body at rest, root space, metres; three numbers each.
 */
export interface RigSprings {
  readonly entries: Uint16Array;
  /** Entry above each joint. */
  readonly parents: Uint16Array;
  /** Where each joint is. */
  readonly pivots: Float32Array;
  /** Unit vector from each joint to its far end. */
  readonly axes: Float32Array;
  /** From each joint to its far end, metres. */
  readonly lengths: Float32Array;
  /** Metres a second. */
  readonly stiffness: Float32Array;
  /** World space, metres a second. */
  readonly gravity: Float32Array;
  /** Share of the speed kept a step. */
  readonly kept: Float32Array;
  readonly hitRadii: Float32Array;
  /** Entry in whose space a joint keeps its speed, -1 for the world. */
  readonly centers: Int16Array;
  /** The colliders of joint `i` are `touched[touchedFrom[i]] .. touched[touchedFrom[i + 1] - 1]`. */
  readonly touched: Uint16Array;
  readonly touchedFrom: Uint16Array;
  readonly colliders: RigColliders;
}

/** Spheres and capsules that entries of the rig carry along. */
export interface RigColliders {
  readonly entries: Uint16Array;
  /** One end of a capsule and the other, six numbers; twice the middle of a sphere. */
  readonly ends: Float32Array;
  readonly radii: Float32Array;
  /** How far from its first end a collider reaches at most: its length and its radius, metres. */
  readonly spans: Float32Array;
  /** Scratch: the ends of the row that is swung, world space. */
  readonly worldEnds: Float64Array;
}

/**
 * A model's skeleton, laid out for solving: what each bone does to the body at rest, not where the bone's node lies.
 * The matrix of a bone takes a point of the body at rest (root space) to where the pose puts it. So rest rotations,
 * scales and nodes between bones drop out, and bones that don't move need no matrix of their own. A row of matrices
 * holds: the root's (entry 0), one for each bone (parents first), one for each joint that swings (parents first), then
 * the extra ones.
 */
export interface RigSkeleton {
  /** Number of matrices in a row. */
  readonly entryCount: number;
  /** Index in `BONES` of each solved bone; the matrix of bone `i` is entry `i + 1`. Fingers come last. */
  readonly bones: Uint8Array;
  /** Number of bones before the fingers. */
  readonly bodyCount: number;
  /** Entry of each bone's parent, 0 for the root. */
  readonly parents: Uint16Array;
  /** Joint of each bone at rest: x y z, metres, root space. */
  readonly pivots: Float32Array;
  /** Entry of each bone of `BONES`, -1 where the model has none. */
  readonly entryOfBone: Int16Array;
  /** Matrices for skins that are not bound to the body at rest; most models have none. */
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
 * The joints that swing on a rig, in flat arrays: the matrix of joint `i` is the rig's entry `entries[i]`, parents
 * first. Points and vectors are those of the body at rest, root space, metres; three numbers each.
 */
export interface RigSprings {
  readonly entries: Uint16Array;
  /** Entry above each joint. */
  readonly parents: Uint16Array;
  /** Place of each joint. */
  readonly pivots: Float32Array;
  /** Unit vector from each joint to its far end. */
  readonly axes: Float32Array;
  /** From each joint to its far end, metres. */
  readonly lengths: Float32Array;
  /** Metres a second. */
  readonly stiffness: Float32Array;
  /** World space, metres a second. */
  readonly gravity: Float32Array;
  /** Share of the speed that is kept in each step. */
  readonly kept: Float32Array;
  readonly hitRadii: Float32Array;
  /** The entry in whose space a joint keeps its speed, -1 for the world. */
  readonly centers: Int16Array;
  /** The colliders of joint `i` are `touched[touchedFrom[i]] .. touched[touchedFrom[i + 1] - 1]`. */
  readonly touched: Uint16Array;
  readonly touchedFrom: Uint16Array;
  readonly colliders: RigColliders;
}

/** Spheres and capsules that move with entries of the rig. */
export interface RigColliders {
  readonly entries: Uint16Array;
  /** Both ends of a capsule, six numbers; for a sphere, its centre twice. */
  readonly ends: Float32Array;
  readonly radii: Float32Array;
  /** The farthest that a collider reaches from its first end: its length plus its radius, metres. */
  readonly spans: Float32Array;
  /** Scratch: the ends for the row being swung, world space. */
  readonly worldEnds: Float64Array;
}

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

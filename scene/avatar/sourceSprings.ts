import type { Vector3 } from 'three';

/**
 * What swings on a model, as plain data: VRMC_springBone 1.0, or `secondaryAnimation` of VRM 0.x brought into the same
 * form. Nodes are indices in `AvatarSource.nodes`.
 */
export interface SourceSprings {
  readonly joints: readonly SourceSpringJoint[];
  readonly colliders: readonly SourceSpringCollider[];
}

/** A node that swings about its own origin. A joint on a bone of `BONES` is left alone: the pose moves it. */
export interface SourceSpringJoint {
  readonly node: number;
  /** Where its far end is at rest: metres, the node's own space. */
  readonly tail: Vector3;
  /** Force back to rest, metres a second. */
  readonly stiffness: number;
  /** Pull along `gravityDir`, metres a second. */
  readonly gravityPower: number;
  /** Unit vector, world space. */
  readonly gravityDir: Vector3;
  /** Share of its speed lost a step, 0..1. */
  readonly dragForce: number;
  /** Radius of its far end, metres. */
  readonly hitRadius: number;
  /** Node in whose space it keeps its speed, so that what moves with the node does not swing; -1 for the world. */
  readonly center: number;
  /** Indices in {@link SourceSprings.colliders} of what it can't pass. */
  readonly colliders: readonly number[];
}

/** A sphere, or a capsule where there is a `tail`; metres, the node's own space. */
export interface SourceSpringCollider {
  readonly node: number;
  readonly offset: Vector3;
  /** The capsule's other end; null for a sphere. */
  readonly tail: Vector3 | null;
  readonly radius: number;
}

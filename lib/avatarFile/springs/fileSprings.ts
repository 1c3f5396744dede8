import type { Point } from '../gltf/matrix';

/** A joint as its file has it; lengths in the file's unit. */
export interface FileSpringJoint {
  readonly node: number;
  /** Node its far end lies on; -1 for the last of a chain that has no end of its own (VRM 0.x). */
  readonly end: number;
  readonly stiffness: number;
  /** A second, the file's space. */
  readonly gravity: Point;
  /** Share of the speed lost a step, 0..1. */
  readonly dragForce: number;
  readonly hitRadius: number;
  /** Node in whose space it keeps its speed, -1 for the world. */
  readonly center: number;
  /** Indices in {@link FileSprings.colliders}. */
  readonly colliders: readonly number[];
}

/** A sphere, or a capsule where there is a `tail`, the node's own space. */
export interface FileSpringCollider {
  readonly node: number;
  readonly offset: Point;
  readonly tail: Point | null;
  readonly radius: number;
}

/** What swings of a file of either version. */
export interface FileSprings {
  /** At most one a node, none on a bone, all of them hanging from a root. */
  readonly joints: readonly FileSpringJoint[];
  readonly colliders: readonly FileSpringCollider[];
}

/** `value` where it is an index below `count`; -1 for anything else, which only means that something doesn't swing. */
export function indexIfKnown(value: unknown, count: number): number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < count ? value : -1;
}

/** `v` as long as `power`, or as many times as long where it is no unit vector. */
export function times([x, y, z]: Point, power: number): Point {
  return [x * power, y * power, z * power];
}

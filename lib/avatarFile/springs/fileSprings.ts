import type { Point } from '../gltf/matrix';
import { SPRING_LIMITS } from '../limits';

/** A joint as in its file; lengths in the file's unit. */
export interface FileSpringJoint {
  readonly node: number;
  /** Node at its far end; -1 for the last of a chain that has no end node (VRM 0.x). */
  readonly end: number;
  readonly stiffness: number;
  /** Per second, in the file's space. */
  readonly gravity: Point;
  /** Share of the speed lost per step, 0..1. */
  readonly dragForce: number;
  readonly hitRadius: number;
  /** Node in whose space it keeps its speed, -1 for the world. */
  readonly center: number;
  /** Indices in {@link FileSprings.colliders}. */
  readonly colliders: readonly number[];
}

/** A sphere, or a capsule if it has a `tail`; in the node's own space. */
export interface FileSpringCollider {
  readonly node: number;
  readonly offset: Point;
  readonly tail: Point | null;
  readonly radius: number;
}

/** The springs of a file of either version. */
export interface FileSprings {
  /** At most one per node, none on a bone, all of them under a root. */
  readonly joints: readonly FileSpringJoint[];
  readonly colliders: readonly FileSpringCollider[];
}

/** `value` if it is an index below `count`; -1 for anything else, which only means that something doesn't swing. */
export function indexIfKnown(value: unknown, count: number): number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < count ? value : -1;
}

/** The vector times `power`. */
export function times([x, y, z]: Point, power: number): Point {
  return [x * power, y * power, z * power];
}

/** Collects joints: each node once, only nodes that may swing, and no more than {@link SPRING_LIMITS}. */
export class SpringJoints {
  private readonly byNode = new Map<number, FileSpringJoint>();
  private touches = 0;

  /** `isFree`: whether a node may swing. */
  constructor(private readonly isFree: (node: number) => boolean) {}

  get list(): FileSpringJoint[] {
    return [...this.byNode.values()];
  }

  get isFull(): boolean {
    return this.byNode.size >= SPRING_LIMITS.joints;
  }

  /** `touched`: the joint's colliders, collected only if it swings; a file can name thousands of joints that don't. */
  add(joint: Omit<FileSpringJoint, 'colliders'>, touched: () => readonly number[]): void {
    if (this.isFull || this.byNode.has(joint.node) || !this.isFree(joint.node)) return;
    const colliders = touched().slice(0, SPRING_LIMITS.touches - this.touches);
    this.touches += colliders.length;
    this.byNode.set(joint.node, { ...joint, colliders });
  }
}

/** The colliders of the chosen groups, once each, in order. */
export function collidersOfGroups(groups: readonly (readonly number[])[], chosen: readonly number[]): number[] {
  const held = chosen.slice(0, SPRING_LIMITS.groups).flatMap((group) => groups[group] ?? []);
  return [...new Set(held)];
}

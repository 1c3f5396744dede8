import { SPRING_LIMITS } from '../limits';
import type { FileSpringJoint } from './fileSprings';

/** Gathers what swings: each node once, nothing that may not, and no more than {@link SPRING_LIMITS}. */
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

  add(joint: FileSpringJoint): void {
    if (this.isFull || this.byNode.has(joint.node) || !this.isFree(joint.node)) return;
    const colliders = joint.colliders.slice(0, SPRING_LIMITS.touches - this.touches);
    this.touches += colliders.length;
    this.byNode.set(joint.node, { ...joint, colliders });
  }
}

/** All that groups hold, once each; those first that come first. */
export function collidersOfGroups(groups: readonly (readonly number[])[], chosen: readonly number[]): number[] {
  const held = chosen.slice(0, SPRING_LIMITS.groups).flatMap((group) => groups[group] ?? []);
  return [...new Set(held)];
}

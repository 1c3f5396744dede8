import { type Matrix4, Vector3 } from 'three';
import type { DataSpringCollider, DataSpringJoint } from '@/lib/avatarFile/decode/avatarData';
import type { RigColliders, RigSprings } from './rigSprings';

/** What building needs to know of the rig. */
export interface SpringPlaces {
  /** Rest matrix of each node, root space. */
  readonly worlds: readonly Matrix4[];
  /** The entry that moves a node. */
  entryOf(node: number): number;
  /** The entry that moves the node above. */
  entryAbove(node: number): number;
}

/** The joints as the rig solves them. `joints`: those that have an entry of their own, parents first. */
export function buildSprings(
  joints: readonly DataSpringJoint[],
  colliders: readonly DataSpringCollider[],
  places: SpringPlaces,
): RigSprings {
  const { worlds } = places;
  const pivots = joints.map(({ node }) => new Vector3().setFromMatrixPosition(worlds[node]!));
  const arms = joints.map(({ node, tail }, index) =>
    new Vector3(...tail).applyMatrix4(worlds[node]!).sub(pivots[index]!),
  );
  const touchedFrom = [0];
  for (const joint of joints) touchedFrom.push(touchedFrom[touchedFrom.length - 1]! + joint.colliders.length);
  return {
    entries: Uint16Array.from(joints, ({ node }) => places.entryOf(node)),
    parents: Uint16Array.from(joints, ({ node }) => places.entryAbove(node)),
    pivots: flat(pivots),
    lengths: Float32Array.from(arms, (arm) => arm.length()),
    axes: flat(arms.map((arm) => arm.clone().normalize())),
    stiffness: Float32Array.from(joints, ({ stiffness }) => stiffness),
    gravity: Float32Array.from(joints.flatMap(({ gravity }) => [...gravity])),
    kept: Float32Array.from(joints, ({ dragForce }) => 1 - dragForce),
    hitRadii: Float32Array.from(joints, ({ hitRadius }) => hitRadius),
    centers: Int16Array.from(joints, ({ center }) => (center < 0 ? -1 : places.entryOf(center))),
    touched: Uint16Array.from(joints.flatMap((joint) => [...joint.colliders])),
    touchedFrom: Uint16Array.from(touchedFrom),
    colliders: buildColliders(colliders, places),
  };
}

function buildColliders(colliders: readonly DataSpringCollider[], { worlds, entryOf }: SpringPlaces): RigColliders {
  const capsules = colliders.map(({ node, offset, tail }) =>
    [offset, tail ?? offset].map((end) => new Vector3(...end).applyMatrix4(worlds[node]!)),
  );
  return {
    entries: Uint16Array.from(colliders, ({ node }) => entryOf(node)),
    ends: flat(capsules.flat()),
    radii: Float32Array.from(colliders, ({ radius }) => radius),
    spans: Float32Array.from(capsules, ([from, to], index) => from!.distanceTo(to!) + colliders[index]!.radius),
    worldEnds: new Float64Array(colliders.length * 6),
  };
}

function flat(vectors: readonly Vector3[]): Float32Array {
  return Float32Array.from(vectors.flatMap((vector) => vector.toArray()));
}

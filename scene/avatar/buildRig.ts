import { Matrix4, Vector3 } from 'three';
import type { DataSpringCollider, DataSpringJoint } from '@/lib/avatarFile/decode/avatarData';
import { BODY_BONE_COUNT, BONE_COUNT } from '@/lib/pose/bones';
import type { AvatarSource, SourceMesh } from './avatarSource';
import type { RigColliders, RigSkeleton, RigSprings } from './rigSkeleton';

/** A skin bound within this distance of the body at rest counts as bound to it; metres. */
const REST_TOLERANCE = 1e-4;
/** Rows must fit the narrowest texture that WebGL 2 guarantees, 2048 texels. */
const MAX_ENTRIES = 660;

const IDENTITY = new Matrix4();

/** A rig, and for each mesh the rig's entry of each joint. */
export interface BuiltRig {
  readonly rig: RigSkeleton;
  readonly jointEntries: readonly Uint16Array[];
}

/** Builds the rig of a model and binds the joints of its meshes to it. */
export function buildRig(source: AvatarSource): BuiltRig {
  const builder = new RigBuilder(source);
  const jointEntries = source.meshes.map((mesh) => builder.bind(mesh));
  return { rig: builder.finish(), jointEntries };
}

class RigBuilder {
  private readonly worlds: readonly Matrix4[];
  /** Index in `BONES` of each node, -1 for others. */
  private readonly boneOfNode: readonly number[];
  private readonly bones: readonly number[];
  private readonly entryOfBone: Int16Array;
  private readonly swinging: readonly DataSpringJoint[];
  private readonly entryOfSwinging: ReadonlyMap<number, number>;
  private readonly extraOf = new Map<string, number>();
  private readonly extraParents: number[] = [];
  private readonly extraMatrices: number[] = [];

  constructor(private readonly source: AvatarSource) {
    this.worlds = restWorlds(source);
    this.boneOfNode = source.nodes.map((_, node) => source.boneNodes.indexOf(node));
    this.bones = solvingOrder(source.boneNodes);
    this.entryOfBone = new Int16Array(BONE_COUNT).fill(-1);
    this.bones.forEach((bone, index) => {
      this.entryOfBone[bone] = index + 1;
    });
    this.swinging = swingingOrder(source, MAX_ENTRIES - this.bones.length - 1);
    this.entryOfSwinging = new Map(this.swinging.map(({ node }, index) => [node, 1 + this.bones.length + index]));
  }

  /** Number of entries before the extra ones. */
  private get ownEntries(): number {
    return 1 + this.bones.length + this.swinging.length;
  }

  /** The entry of each joint of `mesh`. */
  bind(mesh: SourceMesh): Uint16Array {
    return Uint16Array.from(mesh.joints, (node, joint) => {
      const bound = this.worlds[node]!.clone().multiply(mesh.boneInverses[joint]!).multiply(mesh.bindMatrix);
      const parent = this.entryOf(node);
      return isClose(bound, IDENTITY) ? parent : this.extraEntry(parent, bound);
    });
  }

  finish(): RigSkeleton {
    const { boneNodes } = this.source;
    const place = new Vector3();
    return {
      entryCount: this.ownEntries + this.extraParents.length,
      bones: Uint8Array.from(this.bones),
      bodyCount: this.bones.filter((bone) => bone < BODY_BONE_COUNT).length,
      parents: Uint16Array.from(this.bones, (bone) => this.entryAbove(boneNodes[bone]!)),
      pivots: Float32Array.from(
        this.bones.flatMap((bone) => place.setFromMatrixPosition(this.worlds[boneNodes[bone]!]!).toArray()),
      ),
      entryOfBone: this.entryOfBone,
      extras: { parents: Uint16Array.from(this.extraParents), matrices: Float32Array.from(this.extraMatrices) },
      springs: this.finishSprings(),
    };
  }

  private finishSprings(): RigSprings | null {
    if (this.swinging.length === 0) return null;
    return buildSprings(this.swinging, this.source.springs?.colliders ?? [], {
      worlds: this.worlds,
      entryOf: (node) => this.entryOf(node),
      entryAbove: (node) => this.entryAbove(node),
    });
  }

  /** The entry that moves `node`: its own, or that of the nearest node above. */
  private entryOf(node: number): number {
    const bone = this.boneOfNode[node]!;
    if (bone >= 0) return this.entryOfBone[bone]!;
    return this.entryOfSwinging.get(node) ?? this.entryAbove(node);
  }

  private entryAbove(node: number): number {
    const { parent } = this.source.nodes[node]!;
    return parent < 0 ? 0 : this.entryOf(parent);
  }

  /** Equal matrices under one bone share an entry. Where a row would grow too wide, the bone's own entry must do. */
  private extraEntry(parent: number, bound: Matrix4): number {
    const rows = bound.clone().transpose().elements.slice(0, 12);
    const key = `${parent}|${rows.map((value) => value.toFixed(5)).join()}`;
    const next = this.ownEntries + this.extraParents.length;
    const entry = this.extraOf.get(key) ?? next;
    if (entry < next) return entry;
    if (next >= MAX_ENTRIES) return parent;
    this.extraOf.set(key, entry);
    this.extraParents.push(parent);
    this.extraMatrices.push(...rows);
    return entry;
  }
}

function restWorlds({ nodes }: AvatarSource): Matrix4[] {
  const worlds: Matrix4[] = [];
  for (const { parent, position, rotation, scale } of nodes) {
    const local = new Matrix4().compose(position, rotation, scale);
    worlds.push(parent < 0 ? local : local.premultiply(worlds[parent]!));
  }
  return worlds;
}

/** The bones of a model, parents first (as the nodes are), fingers after all others. */
function solvingOrder(boneNodes: readonly number[]): number[] {
  const present = boneNodes.map((node, bone) => ({ node, bone })).filter(({ node }) => node >= 0);
  const inOrder = present.sort((a, b) => a.node - b.node).map(({ bone }) => bone);
  const isBody = (bone: number) => bone < BODY_BONE_COUNT;
  return [...inOrder.filter(isBody), ...inOrder.filter((bone) => !isBody(bone))];
}

/** Joints that the pose doesn't move and that have a length, parents first, one for each node, at most `count`. */
function swingingOrder({ springs, boneNodes }: AvatarSource, count: number): DataSpringJoint[] {
  const byNode = new Map((springs?.joints ?? []).map((joint) => [joint.node, joint]));
  const free = [...byNode.values()].filter(({ node, tail }) => !boneNodes.includes(node) && Math.hypot(...tail) > 0);
  return free.sort((a, b) => a.node - b.node).slice(0, Math.max(0, count));
}

function isClose(a: Matrix4, b: Matrix4): boolean {
  return a.elements.every((value, i) => Math.abs(value - b.elements[i]!) < REST_TOLERANCE);
}

/** What {@link buildSprings} needs to know about the rig. */
interface SpringPlaces {
  /** Rest matrix of each node, root space. */
  readonly worlds: readonly Matrix4[];
  /** The entry that moves a node. */
  entryOf(node: number): number;
  /** The entry that moves the node above a node. */
  entryAbove(node: number): number;
}

/** Lays the springs out for solving. `joints` are those with their own entry, parents first. */
function buildSprings(
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

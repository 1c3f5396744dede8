import {
  VRMSpringBoneCollider,
  VRMSpringBoneColliderShapeCapsule,
  VRMSpringBoneColliderShapeSphere,
  VRMSpringBoneJoint,
  VRMSpringBoneManager,
} from '@pixiv/three-vrm';
import { Bone, Object3D, Quaternion, Vector3 } from 'three';
import { describe, expect, it } from 'vitest';
import type { DataSpringJoint, DataSprings } from '@/lib/avatarFile/decode/avatarData';
import { BONE_INDEX } from '@/lib/pose/bones';
import { createPose, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import type { AvatarSource, SourceNode } from '@/scene/avatar/avatarSource';
import { buildRig } from '@/scene/avatar/buildRig';
import { RigRows } from '@/scene/avatar/rigRows';
import { springsFromVrm } from './springsFromVrm';
import { createSyntheticSource } from './syntheticModel';

const HEAD = BONE_INDEX.head;
const STEP_MS = 1000 / 60;
/** Joints of the strand; its last node only ends the one before. */
const LINKS = 4;

/** A variant of the strand. */
interface Strand {
  readonly stiffness: number;
  readonly gravityPower: number;
  readonly dragForce: number;
  readonly gravityDir?: Vector3;
  readonly hasColliders?: boolean;
  readonly hasCenter?: boolean;
}

const SOFT: Strand = { stiffness: 0.6, gravityPower: 0.4, dragForce: 0.3 };

/** A body with a strand on the head in which each node is turned relative to the one before. */
function nodesWithStrand(): SourceNode[] {
  const nodes: SourceNode[] = [...createSyntheticSource().nodes];
  for (let link = 0; link <= LINKS; link += 1) {
    nodes.push({
      name: `hair${link}`,
      parent: link === 0 ? HEAD : nodes.length - 1,
      position: new Vector3(link === 0 ? 0.08 : 0.01, link === 0 ? 0.1 : -0.07, -0.02),
      rotation: new Quaternion().setFromAxisAngle(new Vector3(1, link, -1).normalize(), 0.2 + 0.1 * link),
      scale: new Vector3(1, 1, 1),
    });
  }
  return nodes;
}

/** The same body as a tree of three's own, moved by three-vrm. */
function threeStrand(nodes: readonly SourceNode[], strand: Strand) {
  const root = new Object3D();
  const bones = nodes.map(() => new Bone());
  nodes.forEach(({ parent, position, rotation }, node) => {
    bones[node]!.position.copy(position);
    bones[node]!.quaternion.copy(rotation);
    (bones[parent] ?? root).add(bones[node]!);
  });
  const manager = new VRMSpringBoneManager();
  const colliders = strand.hasColliders ? collidersOn(bones) : [];
  const first = bones.length - LINKS - 1;
  for (let link = 0; link < LINKS; link += 1) {
    const settings = { ...strand, gravityDir: strand.gravityDir ?? new Vector3(0, -1, 0), hitRadius: 0.02 };
    const joint = new VRMSpringBoneJoint(bones[first + link]!, bones[first + link + 1]!, settings, [{ colliders }]);
    if (strand.hasCenter) joint.center = bones[HEAD]!;
    manager.addJoint(joint);
  }
  root.updateMatrixWorld(true);
  manager.setInitState();
  return { root, bones, manager };
}

function collidersOn(bones: readonly Bone[]): VRMSpringBoneCollider[] {
  const ball = new VRMSpringBoneColliderShapeSphere({ offset: new Vector3(0.08, -0.05, 0.02), radius: 0.06 });
  const [offset, tail] = [new Vector3(-0.1, -0.1, -0.05), new Vector3(0.15, -0.1, -0.05)];
  const bar = new VRMSpringBoneColliderShapeCapsule({ offset, tail, radius: 0.05 });
  return [ball, bar].map((shape) => {
    const collider = new VRMSpringBoneCollider(shape);
    bones[HEAD]!.add(collider);
    return collider;
  });
}

function sourceOf(nodes: readonly SourceNode[], springs: DataSprings): AvatarSource {
  return { ...createSyntheticSource(), nodes, meshes: [], springs };
}

/** Both strands from the same data: our springs are read from three-vrm's joints. */
function createPair(strand: Strand) {
  const nodes = nodesWithStrand();
  const three = threeStrand(nodes, strand);
  const indices = new Map<Object3D, number>(three.bones.map((bone, node) => [bone, node]));
  const source = sourceOf(nodes, springsFromVrm(three.manager, indices));
  const rows = new RigRows(buildRig(source).rig, false);
  const row = rows.add();
  rows.setLevel(row, 0);
  rows.setSwinging(row, true);
  return { three, rows, row };
}

/** Walks in a circle and shakes the head. */
function move({ three, rows, row }: ReturnType<typeof createPair>, frame: number): void {
  const t = frame / 60;
  const pose = createPose();
  const nod = new Quaternion().setFromAxisAngle(new Vector3(0.6, 0.8, 0), 0.5 * Math.sin(t * 7));
  nod.toArray(pose.values, ROTATIONS_OFFSET + HEAD * 4);
  rows.setPose(row, pose);
  rows.place(row, 0.3 * Math.sin(t * 2), 0.3 * Math.cos(t * 2) - 0.3, t);
  three.bones[HEAD]!.quaternion.copy(nod);
  three.root.position.set(0.3 * Math.sin(t * 2), 0, 0.3 * Math.cos(t * 2) - 0.3);
  three.root.rotation.y = t;
}

/** Far end of each joint, world space. */
function ends(rows: RigRows, row: number): Vector3[] {
  const { entries, pivots, axes, lengths } = rows.rig.springs!;
  return Array.from(entries, (entry, i) => {
    const at = rows.matrixAt(row, entry);
    const rest = new Vector3()
      .fromArray(axes, i * 3)
      .multiplyScalar(lengths[i]!)
      .add(new Vector3().fromArray(pivots, i * 3));
    const of = (k: number) =>
      rows.data[at + k * 4]! * rest.x + rows.data[at + k * 4 + 1]! * rest.y + rows.data[at + k * 4 + 2]! * rest.z;
    return new Vector3(of(0) + rows.data[at + 3]!, of(1) + rows.data[at + 7]!, of(2) + rows.data[at + 11]!);
  });
}

type Three = ReturnType<typeof threeStrand>;

/**
 * A step of three-vrm's joints, each with up-to-date matrices. Its manager uses a joint's end from the frame before, so
 * that strands grow and shrink while they swing fast; in the specification they keep their length.
 */
function stepFresh({ root, manager }: Three): void {
  for (const joint of manager.joints) {
    root.updateMatrixWorld(true);
    for (const collider of manager.colliders) collider.updateWorldMatrix(true, false);
    joint.update(STEP_MS / 1000);
  }
}

function stepManager({ root, manager }: Three): void {
  root.updateMatrixWorld(true);
  manager.update(STEP_MS / 1000);
}

/**
 * The greatest distance between our strand and three-vrm's over `frames`, and how far the strand swung from rest;
 * metres.
 */
function race(strand: Strand, frames: number, step = stepFresh) {
  const pair = createPair(strand);
  const { three, rows, row } = pair;
  const stiff = createPair(strand);
  stiff.rows.setSwinging(stiff.row, false);
  let apart = 0;
  let swung = 0;
  for (let frame = 0; frame < frames; frame += 1) {
    move(pair, frame);
    move(stiff, frame);
    step(three);
    for (const { rows: each } of [pair, stiff]) {
      each.solve();
      each.swing(STEP_MS);
    }
    three.root.updateMatrixWorld(true);
    const [ours, rigid] = [ends(rows, row), ends(stiff.rows, stiff.row)];
    const theirs = three.bones.slice(-LINKS).map((bone) => bone.getWorldPosition(new Vector3()));
    ours.forEach((end, i) => {
      apart = Math.max(apart, end.distanceTo(theirs[i]!));
      swung = Math.max(swung, end.distanceTo(rigid[i]!));
    });
  }
  return { apart, swung };
}

describe('swingSprings', () => {
  it.each<[string, Strand]>([
    ['soft', SOFT],
    ['stiff', { stiffness: 4, gravityPower: 0, dragForce: 0.4 }],
    ['drawn sideways', { ...SOFT, gravityDir: new Vector3(0.6, 0, 0.8), gravityPower: 1 }],
    ['against a ball and a bar', { ...SOFT, hasColliders: true }],
    ['at rest against the head it hangs from', { ...SOFT, hasCenter: true }],
  ])("swings as three-vrm's own springs do: %s", (_name, strand) => {
    const { apart, swung } = race(strand, 240);
    expect(apart).toBeLessThan(5e-4);
    expect(swung).toBeGreaterThan(0.01);
  });

  it('springs swing as in three-vrm, apart from its changing lengths', () => {
    const { apart, swung } = race({ stiffness: 4, gravityPower: 0, dragForce: 0.4 }, 240, stepManager);
    expect(apart).toBeLessThan(5e-4);
    expect(swung).toBeGreaterThan(0.01);
    expect(race(SOFT, 240, stepManager).apart).toBeLessThan(4e-3);
  });

  it('springs are pushed off by colliders', () => {
    expect(race({ ...SOFT, hasColliders: true }, 120).swung).not.toBeCloseTo(race(SOFT, 120).swung, 3);
  });

  it('springs swing the same however time is cut into frames', () => {
    const [sixty, twenty] = [createPair(SOFT), createPair(SOFT)];
    for (const { rows } of [sixty, twenty]) rows.solve();
    for (let i = 0; i < 60; i += 1) sixty.rows.swing(STEP_MS);
    for (let i = 0; i < 20; i += 1) twenty.rows.swing(STEP_MS * 3);
    const [a, b] = [sixty, twenty].map(({ rows, row }) => ends(rows, row));
    a!.forEach((end, i) => {
      expect(end.distanceTo(b![i]!)).toBeLessThan(1e-5);
    });
  });
});

describe('springs of a row', () => {
  const rigidEnds = (pair: ReturnType<typeof createPair>) => {
    const still = createPair(SOFT);
    still.rows.setSwinging(still.row, false);
    const { data } = pair.rows;
    expect(data.length).toBe(still.rows.data.length);
    return still;
  };

  it('springs hang as at rest while off, and again when turned off', () => {
    const pair = createPair(SOFT);
    pair.rows.solve();
    const rest = ends(pair.rows, pair.row);
    for (let i = 0; i < 20; i += 1) pair.rows.swing(STEP_MS);
    expect(ends(pair.rows, pair.row)[LINKS - 1]!.distanceTo(rest[LINKS - 1]!)).toBeGreaterThan(0.005);
    pair.rows.setSwinging(pair.row, false);
    pair.rows.solve();
    pair.rows.swing(STEP_MS);
    ends(pair.rows, pair.row).forEach((end, i) => {
      expect(end.distanceTo(rest[i]!)).toBeLessThan(1e-6);
    });
  });

  it('springs do not swing when their avatar is moved elsewhere, nor after it was hidden', () => {
    for (const leap of ['place', 'hidden'] as const) {
      const pair = createPair({ ...SOFT, gravityPower: 0, stiffness: 1 });
      const still = rigidEnds(pair);
      pair.rows.solve();
      pair.rows.swing(STEP_MS);
      if (leap === 'hidden') pair.rows.setLevel(pair.row, -1);
      for (const { rows, row } of [pair, still]) rows.place(row, leap === 'place' ? 5 : 0.4, 0, 2);
      pair.rows.setLevel(pair.row, 0);
      for (const { rows } of [pair, still]) rows.solve();
      pair.rows.swing(STEP_MS);
      const rest = ends(still.rows, still.row);
      ends(pair.rows, pair.row).forEach((end, i) => {
        expect(end.distanceTo(rest[i]!)).toBeLessThan(1e-5);
      });
    }
  });

  it('springs leave bones of the pose alone', () => {
    const nodes = nodesWithStrand();
    const joint: DataSpringJoint = {
      ...{ node: HEAD, tail: [0, 0.1, 0], stiffness: 1, dragForce: 0.4, hitRadius: 0 },
      ...{ gravity: [0, 0, 0], center: -1, colliders: [] },
    };
    expect(buildRig(sourceOf(nodes, { joints: [joint], colliders: [] })).rig.springs).toBeNull();
  });
});

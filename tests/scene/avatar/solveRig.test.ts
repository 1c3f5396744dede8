import fc from 'fast-check';
import { Matrix4, Quaternion, Vector3 } from 'three';
import { describe, expect, it } from 'vitest';
import { BODY_BONE_COUNT, BONE_COUNT, BONE_INDEX, BONE_PARENTS, BONES } from '@/lib/pose/bones';
import { createPose, HIPS_OFFSET, type Pose, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import type { AvatarSource, SourceMesh, SourceNode } from '@/scene/avatar/avatarSource';
import { buildRig } from '@/scene/avatar/buildRig';
import { MATRIX, solveRig } from '@/scene/avatar/rigRow';
import { boundMesh, createSyntheticSource } from './syntheticModel';
import { threeBones } from './threeSkeleton';

const within = (from: number, to: number) => fc.double({ min: from, max: to, noNaN: true });
const rotation = fc
  .tuple(within(-1, 1), within(-1, 1), within(-1, 1), within(-1, 1))
  .filter((q) => Math.hypot(...q) > 0.1)
  .map((q) => new Quaternion(...q).normalize());
const place = fc.tuple(within(-0.3, 0.3), within(-0.3, 0.3), within(-0.3, 0.3)).map((v) => new Vector3(...v));

const pose: fc.Arbitrary<Pose> = fc
  .tuple(fc.array(rotation, { minLength: BONE_COUNT, maxLength: BONE_COUNT }), place)
  .map(([rotations, hips]) => {
    const made = createPose();
    rotations.forEach((q, bone) => {
      q.toArray(made.values, ROTATIONS_OFFSET + bone * 4);
    });
    hips.toArray(made.values, HIPS_OFFSET);
    return made;
  });

interface Rest {
  readonly rotation: Quaternion;
  readonly position: Vector3;
  /** A node of no bone lies between this bone and its parent, with a strand of hair beside it. */
  readonly hasBetween: boolean;
  readonly isMissing: boolean;
}

const rest: fc.Arbitrary<Rest> = fc.record({
  rotation,
  position: place,
  hasBetween: fc.boolean(),
  isMissing: fc.boolean(),
});

/** Bones that a humanoid can do without. */
const OPTIONAL = new Set([BONE_INDEX.upperChest, BONE_INDEX.leftShoulder, BONE_INDEX.leftToes]);

/** Any skeleton a file may have: turned and scaled at will, with nodes between the bones, optional ones missing. */
const source: fc.Arbitrary<AvatarSource> = fc
  .tuple(fc.array(rest, { minLength: BONE_COUNT, maxLength: BONE_COUNT }), rotation, within(0.2, 3), fc.boolean())
  .map(([rests, armature, scale, isBoundAtRest]) => skeletonOf(rests, armature, scale, isBoundAtRest));

function skeletonOf(rests: readonly Rest[], armature: Quaternion, scale: number, isBoundAtRest: boolean): AvatarSource {
  const one = new Vector3(1, 1, 1);
  const nodes: SourceNode[] = [
    {
      name: 'Armature',
      parent: -1,
      position: new Vector3(0, 0.1, 0),
      rotation: armature,
      scale: one.clone().multiplyScalar(scale),
    },
  ];
  const boneNodes: number[] = [];
  rests.forEach(({ rotation: turn, position, hasBetween, isMissing }, bone) => {
    if (isMissing && OPTIONAL.has(bone)) {
      boneNodes.push(-1);
      return;
    }
    let parent = nearestNode(boneNodes, BONE_PARENTS[bone]!);
    if (hasBetween) {
      nodes.push({ name: 'Between', parent, position, rotation: turn, scale: one });
      parent = nodes.length - 1;
      nodes.push({ name: 'Hair', parent, position, rotation: turn, scale: one });
    }
    boneNodes.push(nodes.length);
    nodes.push({ name: BONES[bone]!, parent, position, rotation: turn, scale: one });
  });
  const mesh = boundMesh(nodes);
  const meshes = [isBoundAtRest ? mesh : boundElsewhere(mesh)];
  return { ...createSyntheticSource(), nodes, boneNodes, meshes };
}

function nearestNode(boneNodes: readonly number[], bone: number): number {
  if (bone < 0) return 0;
  const node = boneNodes[bone]!;
  return node >= 0 ? node : nearestNode(boneNodes, BONE_PARENTS[bone]!);
}

/** A mesh whose file bound it to another pose than the nodes' rest. */
function boundElsewhere(mesh: SourceMesh): SourceMesh {
  const turned = new Matrix4().makeRotationY(1.3).setPosition(0.1, 0.2, -0.3);
  return {
    ...mesh,
    boneInverses: mesh.boneInverses.map((inverse, i) =>
      inverse.clone().multiply(new Matrix4().makeRotationX(i * 0.05).setPosition(0, 0.02 * i, 0)),
    ),
    bindMatrix: turned,
  };
}

function solved(of: AvatarSource, from: Pose, x: number, z: number, yawRad: number, boneCount?: number) {
  const { rig, jointEntries } = buildRig(of);
  const out = new Float32Array(rig.entryCount * MATRIX);
  const places = Float32Array.of(x, z, Math.sin(yawRad), Math.cos(yawRad));
  solveRig(rig, from.values, 0, places, 0, out, 0, boneCount ?? rig.bones.length);
  return { rig, out, entries: jointEntries[0]! };
}

const matrixIn = (out: Float32Array, entry: number) =>
  new Matrix4().fromArray([...out.subarray(entry * MATRIX, (entry + 1) * MATRIX), 0, 0, 0, 1]).transpose();

describe('solveRig', () => {
  it("P-2, P-3: skins every joint as three's own bones do, whatever skeleton, bind and pose", () => {
    fc.assert(
      fc.property(source, pose, within(-3, 3), within(-3, 3), within(-4, 4), (of, from, x, z, yawRad) => {
        const { out, entries } = solved(of, from, x, z, yawRad);
        const bones = threeBones(of, from, x, z, yawRad);
        const { joints, boneInverses, bindMatrix } = of.meshes[0]!;
        joints.forEach((node, joint) => {
          const expected = bones[node]!.matrixWorld.clone().multiply(boneInverses[joint]!).multiply(bindMatrix);
          const apart = matrixIn(out, entries[joint]!).elements.map((v, i) => Math.abs(v - expected.elements[i]!));
          expect(Math.max(...apart)).toBeLessThan(1e-4);
        });
      }),
      { numRuns: 60 },
    );
  });

  it('P-2: agrees within 1e-5 where the skeleton is of human size', () => {
    fc.assert(
      fc.property(pose, fc.boolean(), (from, isTurned) => {
        const of = createSyntheticSource(isTurned);
        const { out, entries } = solved(of, from, 1, -2, 0.7);
        const bones = threeBones(of, from, 1, -2, 0.7);
        of.meshes[0]!.joints.forEach((node, joint) => {
          const expected = bones[node]!.matrixWorld.clone().multiply(of.meshes[0]!.boneInverses[joint]!);
          const apart = matrixIn(out, entries[joint]!).elements.map((v, i) => Math.abs(v - expected.elements[i]!));
          expect(Math.max(...apart)).toBeLessThan(1e-5);
        });
      }),
      { numRuns: 60 },
    );
  });

  it('lets fingers go with their hand where they are not solved', () => {
    fc.assert(
      fc.property(pose, (from) => {
        const { rig, out } = solved(createSyntheticSource(true), from, 0, 0, 0, BODY_BONE_COUNT);
        const hand = matrixIn(out, rig.entryOfBone[BONE_INDEX.leftHand]!);
        for (const name of ['leftThumbMetacarpal', 'leftIndexDistal', 'leftLittleProximal'] as const) {
          expect(matrixIn(out, rig.entryOfBone[BONE_INDEX[name]]!).elements).toEqual(hand.elements);
        }
      }),
      { numRuns: 10 },
    );
  });
});

import fc from 'fast-check';
import { Matrix4, Quaternion, Vector3 } from 'three';
import { describe, expect, it } from 'vitest';
import { ARKIT_COUNT, ARKIT_INDEX, type ArkitBlendshape } from '@/lib/pose/arkit';
import { BODY_BONE_COUNT, BONE_COUNT, BONE_INDEX, BONE_PARENTS, BONES } from '@/lib/pose/bones';
import { GAZE_FULL_PITCH, GAZE_FULL_YAW, writeGazeMorphs } from '@/lib/pose/gazeMorphs';
import {
  createPose,
  FACE_OFFSET,
  GAZE_OFFSET,
  HIPS_OFFSET,
  type Pose,
  PosePart,
  ROTATIONS_OFFSET,
} from '@/lib/pose/pose';
import type { AvatarSource, SourceMesh, SourceNode } from '@/scene/avatar/avatarSource';
import { buildRig } from '@/scene/avatar/buildRig';
import { MATRIX, solveRig, writeFace } from '@/scene/avatar/rigRow';
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
  /** Whether a node that is no bone lies between this bone and its parent, with a strand of hair beside it. */
  readonly hasBetween: boolean;
  readonly isMissing: boolean;
}

const rest: fc.Arbitrary<Rest> = fc.record({
  rotation,
  position: place,
  hasBetween: fc.boolean(),
  isMissing: fc.boolean(),
});

/** Bones that a humanoid may lack. */
const OPTIONAL = new Set([BONE_INDEX.upperChest, BONE_INDEX.leftShoulder, BONE_INDEX.leftToes]);

/** Any skeleton of a file: turned and scaled, with nodes between the bones, and without optional bones. */
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

/** A mesh that its file binds to another pose than the nodes' rest. */
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
  it("P-2, P-3: every joint is skinned as by three's own bones, for any skeleton, bind and pose", () => {
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

  it('P-2: a rig of human size agrees with three within 1e-5', () => {
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

  it('fingers that are not solved move with their hand', () => {
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

function gaze(yaw: number, pitch: number): Partial<Record<ArkitBlendshape, number>> {
  const weights = new Float32Array(ARKIT_COUNT);
  writeGazeMorphs(Float32Array.of(yaw, pitch), 0, weights);
  const named = Object.entries(ARKIT_INDEX).map(([name, index]) => [name, Number(weights[index]!.toFixed(6))] as const);
  return Object.fromEntries(named.filter(([, weight]) => weight !== 0));
}

describe('gaze morphs', () => {
  it('P-7: a gaze to the left turns the left eye out and the right eye in', () => {
    expect(gaze(GAZE_FULL_YAW, 0)).toEqual({ eyeLookOutLeft: 1, eyeLookInRight: 1 });
    expect(gaze(-GAZE_FULL_YAW / 2, 0)).toEqual({ eyeLookInLeft: 0.5, eyeLookOutRight: 0.5 });
  });

  it('P-7: a gaze up or down moves both eyes alike', () => {
    expect(gaze(0, GAZE_FULL_PITCH)).toEqual({ eyeLookUpLeft: 1, eyeLookUpRight: 1 });
    expect(gaze(0, -GAZE_FULL_PITCH)).toEqual({ eyeLookDownLeft: 1, eyeLookDownRight: 1 });
  });

  it('gaze morphs stay within 0..1 and touch no other shape', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -4, max: 4, noNaN: true }),
        fc.double({ min: -4, max: 4, noNaN: true }),
        (yaw, pitch) => {
          for (const [name, weight] of Object.entries(gaze(yaw, pitch))) {
            expect(name).toMatch(/^eyeLook/);
            expect(weight).toBeGreaterThanOrEqual(0);
            expect(weight).toBeLessThanOrEqual(1);
          }
        },
      ),
    );
  });
});

function pairsOf(values: Float32Array, parts: number, level = 0): Map<number, number> {
  const out = new Float32Array(2 * ARKIT_COUNT).fill(9);
  const count = writeFace(values, 0, parts, level, out, 0);
  if (count % 2 === 1) expect([...out.subarray(count * 2, count * 2 + 2)]).toEqual([0, 0]);
  return new Map(Array.from({ length: count }, (_, i) => [out[i * 2]!, out[i * 2 + 1]!]));
}

describe('writeFace', () => {
  it('P-6: a row holds every face weight that shows, and no other', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: ARKIT_COUNT, maxLength: ARKIT_COUNT }),
        (weights) => {
          const pose = createPose();
          pose.values.set(weights, FACE_OFFSET);
          const pairs = pairsOf(pose.values, PosePart.face);
          weights.forEach((weight, i) => {
            expect(pairs.get(i)).toBe(weight >= 0.002 ? weight : undefined);
          });
        },
      ),
    );
  });

  it('P-6: faint face weights are left out at coarse levels', () => {
    const pose = createPose();
    pose.values[FACE_OFFSET + ARKIT_INDEX.jawOpen] = 0.5;
    pose.values[FACE_OFFSET + ARKIT_INDEX.eyeBlinkLeft] = 0.05;
    expect([...pairsOf(pose.values, PosePart.face, 2)]).toEqual([[ARKIT_INDEX.jawOpen, 0.5]]);
  });

  it('P-7: eyes follow the gaze only where a gaze is present', () => {
    const pose = createPose();
    pose.values[GAZE_OFFSET] = 1;
    expect(pairsOf(pose.values, 0).size).toBe(0);
    const pairs = pairsOf(pose.values, PosePart.gaze);
    expect(pairs).toEqual(
      new Map(
        [
          [ARKIT_INDEX.eyeLookOutLeft, 1],
          [ARKIT_INDEX.eyeLookInRight, 1],
        ].sort((a, b) => a[0]! - b[0]!) as [number, number][],
      ),
    );
  });
});

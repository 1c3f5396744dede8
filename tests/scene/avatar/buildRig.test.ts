import { Matrix4, Quaternion, Vector3 } from 'three';
import { describe, expect, it } from 'vitest';
import { BODY_BONE_COUNT, BONE_COUNT, BONE_INDEX, BONE_PARENTS } from '@/lib/pose/bones';
import type { AvatarSource } from '@/scene/avatar/avatarSource';
import { buildRig } from '@/scene/avatar/buildRig';
import { boundMesh, createSyntheticSource } from './syntheticModel';

/** The model with a strand of `joints` bound nodes on its head. */
function withHair(source: AvatarSource, joints: number): AvatarSource {
  const strand = Array.from({ length: joints }, (_, i) => ({
    name: `Hair${i}`,
    parent: i === 0 ? BONE_INDEX.head : BONE_COUNT + i - 1,
    position: new Vector3(0, 0.02, 0),
    rotation: new Quaternion(),
    scale: new Vector3(1, 1, 1),
  }));
  const nodes = [...source.nodes, ...strand];
  return { ...source, nodes, meshes: [boundMesh(nodes)] };
}

describe('buildRig', () => {
  it.each([false, true])(
    'a rig needs one matrix for each bone and the root where skins are bound at rest (turned: %s)',
    (turned) => {
      const { rig, jointEntries } = buildRig(createSyntheticSource(turned));
      expect(rig.entryCount).toBe(BONE_COUNT + 1);
      expect(rig.extras.parents).toHaveLength(0);
      expect([...jointEntries[0]!]).toEqual([...rig.entryOfBone]);
    },
  );

  it('bones of a rig come parents first, fingers last', () => {
    const { rig } = buildRig(createSyntheticSource());
    rig.bones.forEach((bone, i) => {
      expect(rig.parents[i]!).toBe(bone === BONE_INDEX.hips ? 0 : rig.entryOfBone[BONE_PARENTS[bone]!]);
      expect(rig.parents[i]!).toBeLessThanOrEqual(i);
    });
    expect(rig.bodyCount).toBe(BODY_BONE_COUNT);
    expect([...rig.bones.subarray(0, rig.bodyCount)].every((bone) => bone < BODY_BONE_COUNT)).toBe(true);
  });

  it('nodes that nothing moves have no matrix in a rig', () => {
    const { rig, jointEntries } = buildRig(withHair(createSyntheticSource(), 40));
    expect(rig.entryCount).toBe(BONE_COUNT + 1);
    expect([...jointEntries[0]!.subarray(BONE_COUNT)]).toEqual(Array(40).fill(rig.entryOfBone[BONE_INDEX.head]));
  });

  it('joints bound elsewhere have an extra matrix, and equal ones share it', () => {
    const source = createSyntheticSource();
    const lifted = { ...source.meshes[0]!, bindMatrix: new Matrix4().setPosition(0, 1, 0) };
    const { rig, jointEntries } = buildRig({ ...source, meshes: [lifted, { ...lifted }] });
    expect(rig.extras.parents).toHaveLength(BONE_COUNT);
    expect(rig.entryCount).toBe(1 + 2 * BONE_COUNT);
    expect([...jointEntries[1]!]).toEqual([...jointEntries[0]!]);
  });

  it('a rig stays within the width of a texture', () => {
    const source = withHair(createSyntheticSource(), 900);
    const mesh = source.meshes[0]!;
    const boneInverses = mesh.boneInverses.map((inverse, i) => inverse.clone().setPosition(i, i * 0.5, 1));
    const { rig, jointEntries } = buildRig({ ...source, meshes: [{ ...mesh, boneInverses }] });
    expect(rig.entryCount).toBeLessThanOrEqual(660);
    expect(Math.max(...jointEntries[0]!)).toBeLessThan(rig.entryCount);
  });
});

import fc from 'fast-check';
import { Quaternion } from 'three';
import { describe, expect, it } from 'vitest';
import { ARKIT_INDEX } from '@/lib/pose/arkit';
import { BONE_COUNT, BONE_INDEX, BONE_PARENTS } from '@/lib/pose/bones';
import { createPose, FACE_OFFSET, GAZE_OFFSET, HIPS_OFFSET, type Pose, PosePart } from '@/lib/pose/pose';
import { AvatarInstance } from '@/scene/avatar/avatarInstance';
import { rotationAt } from '@/scene/frame/poseBlend';
import { createSyntheticModel } from './syntheticModel';

const unit = fc
  .tuple(
    fc.double({ min: -1, max: 1, noNaN: true }),
    fc.double({ min: -1, max: 1, noNaN: true }),
    fc.double({ min: 0.2, max: 1, noNaN: true }),
  )
  .map(([x, y, w]) => new Quaternion(x, y, x * y, w).normalize());

const rotations = fc.array(unit, { minLength: BONE_COUNT, maxLength: BONE_COUNT });

function poseOf(all: readonly Quaternion[]): Pose {
  const pose = createPose();
  all.forEach((q, bone) => {
    q.toArray(pose.values, rotationAt(bone));
  });
  return pose;
}

/** How far apart two rotations are, radians, whatever their signs. */
const apart = (a: Quaternion, b: Quaternion) => 2 * Math.acos(Math.min(1, Math.abs(a.dot(b))));

describe('AvatarInstance', () => {
  it('P-2: writes every rotation as it is into a skeleton along the root axes', () => {
    fc.assert(
      fc.property(rotations, (all) => {
        const instance = new AvatarInstance(createSyntheticModel());
        const pose = poseOf(all);
        instance.applyPose(pose);
        instance.bones.forEach((bone, index) => {
          const at = rotationAt(index);
          expect(bone!.quaternion.toArray()).toEqual([...pose.values.subarray(at, at + 4)]);
        });
      }),
      { numRuns: 20 },
    );
  });

  it('P-2: turns a skeleton with rest rotations of its own the same way in the world', () => {
    fc.assert(
      fc.property(rotations, (all) => {
        const plain = new AvatarInstance(createSyntheticModel());
        const turned = new AvatarInstance(createSyntheticModel(true));
        const rest = new AvatarInstance(createSyntheticModel(true));
        plain.applyPose(poseOf(all));
        turned.applyPose(poseOf(all));
        for (const { root } of [plain, turned, rest]) root.updateMatrixWorld(true);
        for (let bone = 0; bone < BONE_COUNT; bone += 1) {
          const restWorld = rest.bones[bone]!.getWorldQuaternion(new Quaternion());
          const expected = plain.bones[bone]!.getWorldQuaternion(new Quaternion()).multiply(restWorld);
          expect(apart(turned.bones[bone]!.getWorldQuaternion(new Quaternion()), expected)).toBeLessThan(2e-3);
        }
      }),
      { numRuns: 10 },
    );
  });

  it('P-3: moves the hips by their offset from rest', () => {
    const instance = new AvatarInstance(createSyntheticModel());
    const pose = createPose();
    pose.values.set([0.1, -0.2, 0.3], HIPS_OFFSET);
    instance.applyPose(pose);
    expect(instance.bones[BONE_INDEX.hips]!.position.toArray().map((v) => +v.toFixed(6))).toEqual([0.1, 0.6, 0.3]);
  });

  it('P-6: writes face weights to their morph targets', () => {
    const instance = new AvatarInstance(createSyntheticModel());
    const pose = createPose();
    pose.values[FACE_OFFSET + ARKIT_INDEX.jawOpen] = 0.5;
    instance.applyPose(pose);
    expect(instance.meshes[0]!.morphTargetInfluences![ARKIT_INDEX.jawOpen]).toBe(0.5);
    expect(instance.meshes[0]!.morphTargetInfluences!.filter((weight) => weight !== 0)).toHaveLength(1);
  });

  it('P-7: looks where the gaze says only where a gaze is present', () => {
    const instance = new AvatarInstance(createSyntheticModel());
    const pose = createPose();
    pose.values[GAZE_OFFSET] = 1;
    instance.applyPose(pose);
    const influences = instance.meshes[0]!.morphTargetInfluences!;
    expect(influences[ARKIT_INDEX.eyeLookOutLeft]).toBe(0);
    pose.parts = PosePart.gaze;
    instance.applyPose(pose);
    expect(influences[ARKIT_INDEX.eyeLookOutLeft]).toBe(1);
    expect(influences[ARKIT_INDEX.eyeLookInRight]).toBe(1);
  });

  it('shares geometry and material with others of its model, and keeps pose and dimming to itself', () => {
    const model = createSyntheticModel();
    const [a, b] = [new AvatarInstance(model), new AvatarInstance(model)];
    expect(a.meshes[0]!.geometry).toBe(b.meshes[0]!.geometry);
    expect(a.meshes[0]!.material).toBe(b.meshes[0]!.material);
    expect(a.meshes[0]!.morphTargetInfluences).not.toBe(b.meshes[0]!.morphTargetInfluences);
    a.setDim(1);
    expect(a.meshes[0]!.material).toBe(model.meshes[0]!.materials.at(-1));
    expect(b.meshes[0]!.material).toBe(model.meshes[0]!.materials[0]);
  });

  it('builds the hierarchy of the pose', () => {
    const { bones } = new AvatarInstance(createSyntheticModel());
    BONE_PARENTS.forEach((parent, bone) => {
      if (parent >= 0) expect(bones[bone]!.parent).toBe(bones[parent]);
    });
  });
});

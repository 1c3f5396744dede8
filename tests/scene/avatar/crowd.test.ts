import { type InstancedBufferGeometry, Matrix4, type Mesh, Quaternion, Texture, Vector3 } from 'three';
import { describe, expect, it } from 'vitest';
import { BONE_COUNT, BONE_INDEX } from '@/lib/pose/bones';
import { createPose, HIPS_OFFSET, type Pose, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { createAvatarModel } from '@/scene/avatar/avatarModel';
import { Crowd } from '@/scene/avatar/crowd';
import { ROW_ATTRIBUTE } from '@/scene/avatar/rigMaterial';
import { HIDDEN } from '@/scene/avatar/rigRows';
import { createSyntheticModel, createSyntheticSource } from './syntheticModel';
import { threeBones } from './threeSkeleton';
import { brightnessOf, paletteOf, poseValuesOf } from './watchedCrowd';

function poseAt(angle: number): Pose {
  const pose = createPose();
  for (let bone = 0; bone < BONE_COUNT; bone += 1) {
    pose.values.set([Math.sin(angle), 0, 0, Math.cos(angle)], ROTATIONS_OFFSET + bone * 4);
  }
  return pose;
}

/** A model with three levels. */
function modelWithLevels() {
  const source = createSyntheticSource();
  const mesh = source.meshes[0]!;
  const geometries = [0, 1, 2].map(() => mesh.geometries[0]!.clone());
  return createAvatarModel({ ...source, meshes: [{ ...mesh, geometries }] });
}

/** A model whose colours are a palette, like those of the default avatars. */
function modelWithPalette() {
  const source = createSyntheticSource();
  const map = new Texture({ width: 16, height: 1 } as ImageBitmap);
  map.name = 'palette';
  return createAvatarModel({ ...source, meshes: [{ ...source.meshes[0]!, surface: { map } }] });
}

const plainPalette = (value: number) => new Uint8Array(16 * 4).fill(value);

/** Instances drawn by each visible mesh. */
const drawn = (crowd: Crowd) =>
  crowd.root.children
    .filter((mesh) => mesh.visible)
    .map((mesh) => ((mesh as Mesh).geometry as InstancedBufferGeometry).instanceCount);

const rowsOf = (crowd: Crowd) =>
  crowd.root.children
    .filter((mesh) => mesh.visible)
    .map((mesh) => {
      const { attributes, instanceCount } = (mesh as Mesh).geometry as InstancedBufferGeometry;
      return [...attributes[ROW_ATTRIBUTE]!.array.slice(0, instanceCount)].sort((a, b) => a - b);
    });

describe('Crowd', () => {
  it('P-2, P-3: a crowd puts every joint where the pose and the place say', () => {
    const source = createSyntheticSource(true);
    const crowd = new Crowd();
    const member = crowd.add(createAvatarModel(source));
    const pose = poseAt(0.2);
    pose.values.set([0.1, -0.2, 0.3], HIPS_OFFSET);
    member.setPose(pose);
    member.place(2, -1, 0.6);
    member.setLevel(0);
    crowd.update();
    const bones = threeBones(source, pose, 2, -1, 0.6);
    const place = new Vector3();
    for (let bone = 0; bone < BONE_COUNT; bone += 1) {
      expect(member.jointPlace(bone, place)).toBe(true);
      expect(place.distanceTo(new Vector3().setFromMatrixPosition(bones[bone]!.matrixWorld))).toBeLessThan(1e-5);
    }
  });

  it('a crowd draws no member until shown, then all of a model and level in one draw', () => {
    const crowd = new Crowd();
    const model = modelWithLevels();
    const members = Array.from({ length: 7 }, () => crowd.add(model));
    crowd.update();
    expect(drawn(crowd)).toEqual([]);
    members.forEach((member, i) => {
      member.setLevel(i % 3);
    });
    crowd.update();
    expect(drawn(crowd)).toEqual([3, 2, 2]);
    for (const member of members) member.setLevel(1);
    crowd.update();
    expect(drawn(crowd)).toEqual([7]);
    members[0]!.setLevel(HIDDEN);
    crowd.remove(members[1]!);
    crowd.update();
    expect(drawn(crowd)).toEqual([5]);
    expect(new Set(rowsOf(crowd)[0]).size).toBe(5);
  });

  it('a model with too few levels is shown at its coarsest', () => {
    const crowd = new Crowd();
    const member = crowd.add(createSyntheticModel());
    member.setLevel(2);
    crowd.update();
    expect(drawn(crowd)).toEqual([1]);
    expect(member.level).toBe(2);
  });

  it('each member has their own colours in the same draw, even as the crowd grows', () => {
    const crowd = new Crowd();
    const model = modelWithPalette();
    const members = Array.from({ length: 40 }, () => crowd.add(model));
    members.forEach((member, i) => {
      member.setLevel(0);
      member.setPalette(i % 2 === 0 ? plainPalette(100 + i) : null);
    });
    const later = Array.from({ length: 40 }, () => crowd.add(model));
    for (const member of later) member.setLevel(0);
    crowd.update();
    expect(drawn(crowd)).toEqual([80]);
    members.forEach((member, i) => {
      expect(paletteOf(member)).toEqual([...plainPalette(i % 2 === 0 ? 100 + i : 0)]);
    });
    for (const member of later) expect(paletteOf(member)).toEqual([...plainPalette(0)]);
  });

  it('a member’s colours leave with the member', () => {
    const crowd = new Crowd();
    const model = modelWithPalette();
    const member = crowd.add(model);
    member.setPalette(plainPalette(9));
    crowd.remove(member);
    const next = crowd.add(model);
    expect(next.row).toBe(member.row);
    expect(paletteOf(next)).toEqual([...plainPalette(0)]);
  });

  it('a model without a palette takes no colours', () => {
    const crowd = new Crowd();
    const member = crowd.add(createSyntheticModel());
    member.setPalette(plainPalette(9));
    expect(paletteOf(member)).toBeNull();
  });

  it('models are drawn apart, and each member keeps their own pose and brightness', () => {
    const crowd = new Crowd();
    const [one, other] = [createSyntheticModel(), createSyntheticModel(true)];
    const members = [one, other, one].map((model) => crowd.add(model));
    members.forEach((member, i) => {
      member.setLevel(0);
      member.setPose(poseAt(i * 0.3));
    });
    members[2]!.setDim(1);
    crowd.update();
    expect(drawn(crowd)).toEqual([2, 1]);
    expect(members.map((member) => brightnessOf(member))).toEqual([1, 1, 0.5]);
    expect(members.map((member) => member.model)).toEqual([one, other, one]);
    members.forEach((member, i) => {
      expect([...poseValuesOf(member)]).toEqual([...poseAt(i * 0.3).values]);
    });
  });

  it('members stay as they are while the crowd grows', () => {
    const crowd = new Crowd();
    const model = createSyntheticModel();
    const first = crowd.add(model);
    first.setPose(poseAt(0.4));
    first.place(3, 4, 1);
    first.setDim(0.5);
    first.setLevel(0);
    crowd.update();
    const before = new Vector3();
    first.jointPlace(BONE_INDEX.head, before);
    for (let i = 0; i < 40; i += 1) crowd.add(model).setLevel(0);
    crowd.update();
    const after = new Vector3();
    first.jointPlace(BONE_INDEX.head, after);
    expect(after.toArray()).toEqual(before.toArray());
    expect(brightnessOf(first)).toBe(0.75);
    expect(drawn(crowd)).toEqual([41]);
  });

  it('a freed row goes to the next member, at rest and undimmed', () => {
    const crowd = new Crowd();
    const model = createSyntheticModel();
    const member = crowd.add(model);
    member.setPose(poseAt(0.4));
    member.setDim(1);
    member.setLevel(0);
    crowd.remove(member);
    const next = crowd.add(model);
    expect(next.row).toBe(member.row);
    expect([...poseValuesOf(next)]).toEqual([...createPose().values]);
    expect(brightnessOf(next)).toBe(1);
    expect(next.level).toBe(HIDDEN);
  });

  it('a crowd keeps the batches of a few unused models and frees the others', () => {
    const crowd = new Crowd();
    for (const member of Array.from({ length: 5 }, () => crowd.add(createSyntheticModel()))) {
      member.setLevel(0);
      crowd.update();
      crowd.remove(member);
      crowd.update();
    }
    expect(crowd.root.children).toHaveLength(2);
    crowd.dispose();
    expect(crowd.root.children).toHaveLength(0);
  });

  it('a member who has not moved is left alone', () => {
    const crowd = new Crowd();
    const model = createSyntheticModel();
    const [still, moving] = [crowd.add(model), crowd.add(model)];
    for (const member of [still, moving]) member.setLevel(0);
    crowd.update();
    const place = new Vector3();
    still.jointPlace(BONE_INDEX.head, place);
    moving.setPose(poseAt(0.5));
    crowd.update();
    const now = new Vector3();
    still.jointPlace(BONE_INDEX.head, now);
    expect(now).toEqual(place);
    moving.jointPlace(BONE_INDEX.head, now);
    expect(now.distanceTo(place)).toBeGreaterThan(0.1);
  });

  it('a member turns by their yaw about the place where they stand', () => {
    const crowd = new Crowd();
    const member = crowd.add(createSyntheticModel());
    member.place(1, 2, Math.PI / 2);
    member.setLevel(0);
    const pose = createPose();
    pose.values.set([0, 0, 0.5], HIPS_OFFSET);
    member.setPose(pose);
    crowd.update();
    const at = new Vector3();
    member.jointPlace(BONE_INDEX.hips, at);
    const expected = new Vector3(0, 0.8, 0.5)
      .applyQuaternion(new Quaternion().setFromRotationMatrix(new Matrix4().makeRotationY(Math.PI / 2)))
      .add(new Vector3(1, 0, 2));
    expect(at.distanceTo(expected)).toBeLessThan(1e-6);
  });
});

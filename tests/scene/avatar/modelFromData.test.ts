import { type BufferGeometry, DoubleSide } from 'three';
import { describe, expect, it } from 'vitest';
import { decodeAvatar } from '@/lib/avatarFile/decode/decodeAvatar';
import { ARKIT_COUNT } from '@/lib/pose/arkit';
import { BONE_INDEX } from '@/lib/pose/bones';
import { modelFromData } from '@/scene/avatar/modelFromData';
import { readAvatar, transferablesOf } from '@/scene/avatar/reading/readAvatar';
import { makeAvatar } from '@/tests/lib/avatarFile/madeAvatar';
import { addSprings, COLLIDERS, STRAND } from '@/tests/lib/avatarFile/madeSprings';

const BITMAP = { width: 64, height: 64 } as ImageBitmap;

describe('modelFromData', () => {
  const model = () =>
    modelFromData({
      data: decodeAvatar(makeAvatar({ kind: 'readyPlayerMe', armsDown: 0.6, textures: [32, 16] })),
      bitmap: BITMAP,
    });

  it('a model binds every joint to the body at rest: one matrix for each bone and one for the root', () => {
    const { rig } = model();
    expect(rig.extras.parents).toHaveLength(0);
    expect(rig.entryCount).toBe(rig.bones.length + 1);
  });

  it('a model draws two materials as face and rest, with one picture and the face’s shapes in a texture', () => {
    const { meshes } = model();
    expect(meshes.map(({ name }) => name)).toEqual(['face', 'body']);
    expect(meshes[1]!.surface.map).toBe(meshes[0]!.surface.map);
    expect(meshes[1]!.morphs).toBeNull();
    expect(meshes[0]!.surface).toMatchObject({ vertexColors: true, transparent: false });
    expect(meshes[0]!.surface.side).not.toBe(DoubleSide);
    expect(meshes[0]!.surface.map!.image).toBe(BITMAP);
    expect(meshes[0]!.morphs!.texture.image.depth).toBe(ARKIT_COUNT);
  });

  it('a model’s feet, knees, hips, head and top are measured in this order of height', () => {
    const { ankleY, kneeY, hipJointY, headJointY, topY } = model().measures;
    const rising = [0, ankleY, kneeY, hipJointY, headJointY, topY];
    expect(rising.toSorted((a, b) => a - b)).toEqual(rising);
  });

  it('every spring of the file gets an entry of the rig', () => {
    const data = decodeAvatar(makeAvatar({ kind: 'vrm1', spoil: addSprings('vrm1') }));
    const { rig } = modelFromData({ data, bitmap: BITMAP });
    expect(rig.springs!.entries).toHaveLength(STRAND.length - 1);
    expect(rig.springs!.parents[0]).toBe(rig.entryOfBone[BONE_INDEX.head]);
    expect(rig.entryCount).toBe(rig.bones.length + STRAND.length);
    expect(rig.springs!.colliders.radii).toHaveLength(COLLIDERS);
    expect(model().rig.springs).toBeNull();
  });

  it('levels of a model share their vertices', () => {
    const { geometries } = model().meshes[0]!;
    const positions = new Set(geometries.map(({ attributes }: BufferGeometry) => attributes.position));
    expect(positions.size).toBe(1);
  });
});

describe('readAvatar', () => {
  it('a read avatar hands over every array once, and its picture without bytes', async () => {
    const outcome = await readAvatar(makeAvatar({ kind: 'vrm0' }), async () => BITMAP);
    if (outcome.kind !== 'read') throw new Error(outcome.message);
    const moved = transferablesOf(outcome.avatar);
    expect(new Set(moved).size).toBe(moved.length);
    expect(moved).toContain(outcome.avatar.data.meshes[0]!.positions.buffer);
    expect(moved).toContain(BITMAP);
    const { picture } = outcome.avatar.data;
    expect(picture?.kind === 'plain' && picture.image.bytes.length).toBe(0);
  });

  it('a file that can’t be read is refused with a reason, even where only its pixels are broken', async () => {
    expect(await readAvatar(new Uint8Array(20))).toMatchObject({ kind: 'refused', reason: 'container' });
    const broken = readAvatar(makeAvatar({ kind: 'vrm1' }), () => Promise.reject(new Error('no pixels')));
    expect(await broken).toMatchObject({ kind: 'refused', reason: 'image' });
  });
});

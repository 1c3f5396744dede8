import { existsSync, readFileSync } from 'node:fs';
import type { DataArrayTexture, InstancedBufferGeometry, Mesh } from 'three';
import { describe, expect, it } from 'vitest';
import { AVATAR_KEYS } from '@/lib/core/avatars';
import { ARKIT_COUNT } from '@/lib/pose/arkit';
import { BONE_COUNT } from '@/lib/pose/bones';
import type { AvatarModel } from '@/scene/avatar/avatarModel';
import { Crowd } from '@/scene/avatar/crowd';
import { AvatarLoadError } from '@/scene/avatar/loadAvatar';
import { modelFromData } from '@/scene/avatar/modelFromData';
import { readAvatar } from '@/scene/avatar/reading/readAvatar';
import { GlbWriter } from '@/tools/avatars/glb/glbWriter';

const fileOf = (key: string) => new URL(`../../../public/models/${key}.vrm`, import.meta.url);
const present = AVATAR_KEYS.filter((key) => existsSync(fileOf(key)));

/** Reads a file as a page does, but on this thread and without decoding its picture. */
async function parse(bytes: Uint8Array): Promise<AvatarModel> {
  const outcome = await readAvatar(bytes, async () => ({ width: 1, height: 1 }) as ImageBitmap);
  if (outcome.kind === 'refused') throw AvatarLoadError.file(outcome);
  return modelFromData(outcome.avatar);
}

describe.skipIf(present.length === 0)('default avatars', () => {
  it.each(present)('default avatar %s has every bone, every ARKit morph and human measures', async (key) => {
    const model = await parse(readFileSync(fileOf(key)));
    expect(model.rig.entryOfBone.every((entry) => entry > 0)).toBe(true);
    // Bound to the body at rest: one matrix for each bone, and the root's.
    expect(model.rig.entryCount).toBe(BONE_COUNT + 1);
    const { morphs } = model.meshes.find((mesh) => mesh.morphs !== null)!;
    expect(emptyLayers(morphs!.texture)).toEqual([]);
    const { hipJointY, kneeY, ankleY, topY, eyeY, headJointY, thighBack } = model.measures;
    const rising = [0, ankleY, kneeY, hipJointY, headJointY, eyeY, topY];
    expect([...rising].sort((a, b) => a - b)).toEqual(rising);
    expect(thighBack).toBeGreaterThan(0.04);
  });

  it.each(present)('default avatar %s draws the four levels of its file', async (key) => {
    const bytes = readFileSync(fileOf(key));
    const inFile = trianglesInFile(bytes);
    const model = await parse(bytes);
    const drawn = model.meshes.map(({ geometries }) => geometries.map(({ index }) => index!.count / 3));
    expect(drawn).toEqual(inFile);
    expect(drawn.every((counts) => counts[3]! > 100 && counts[3]! < 0.8 * counts[2]!)).toBe(true);
    expect(drawn.reduce((sum, counts) => sum + counts[3]!, 0)).toBeLessThan(1500);
  });

  it.each(present)('the coarse file of %s has the same bones, and measures within two centimetres', async (key) => {
    const whole = await parse(readFileSync(fileOf(key)));
    const coarse = await parse(readFileSync(fileOf(`${key}-lod2`)));
    expect([...coarse.rig.bones]).toEqual([...whole.rig.bones]);
    expect([...coarse.rig.pivots]).toEqual([...whole.rig.pivots]);
    expect(coarse.triangles[0]).toBe(whole.triangles[2]);
    const lengths = Object.entries(whole.measures) as [keyof typeof whole.measures, number][];
    for (const [name, length] of lengths) expect(Math.abs(coarse.measures[name] - length)).toBeLessThan(0.02);
  });

  it('people in the same avatar share draws, buffers and textures, and levels share vertex buffers', async () => {
    const model = await parse(readFileSync(fileOf(present[0]!)));
    const crowd = new Crowd();
    const members = [crowd.add(model), crowd.add(model)];
    for (const member of members) member.setLevel(0);
    crowd.update();
    const shown = () => crowd.root.children.filter((mesh) => mesh.visible) as Mesh<InstancedBufferGeometry>[];
    const fine = shown().map(({ geometry }) => geometry);
    expect(fine.map(({ instanceCount }) => instanceCount)).toEqual(model.meshes.map(() => 2));
    members[0]!.setLevel(2);
    crowd.update();
    const [near, far] = [shown().slice(0, fine.length), shown().slice(fine.length)];
    expect([...near, ...far].map(({ geometry }) => geometry.instanceCount)).toEqual(Array(fine.length * 2).fill(1));
    far.forEach(({ geometry }, index) => {
      expect(geometry.attributes.position).toBe(fine[index]!.attributes.position);
      expect(geometry.attributes.skinIndex).toBe(fine[index]!.attributes.skinIndex);
    });
    expect(far[0]!.geometry.index!.count).toBeLessThan(fine[0]!.index!.count / 2);
  });
});

/** Triangles of every level of each mesh, as the file's JSON counts them. */
function trianglesInFile(bytes: Buffer): number[][] {
  const json = JSON.parse(bytes.toString('utf8', 20, 20 + bytes.readUInt32LE(12)));
  return json.meshes.map(
    ({ primitives: [primitive] }: { primitives: { indices: number; extras: { levels: number[] } }[] }) =>
      [primitive!.indices, ...primitive!.extras.levels].map((accessor) => json.accessors[accessor].count / 3),
  );
}

/** Blendshapes that move nothing. */
function emptyLayers({ image }: DataArrayTexture): number[] {
  const { data, width, height } = image as { data: Uint16Array; width: number; height: number };
  const length = width * height * 4;
  const isEmpty = (layer: number) => data.subarray(layer * length, (layer + 1) * length).every((half) => half === 0);
  return Array.from({ length: ARKIT_COUNT }, (_, layer) => layer).filter(isEmpty);
}

describe('avatar files', () => {
  it('a file that is no glTF is refused with a reason', async () => {
    await expect(parse(new Uint8Array([1, 2, 3, 4]))).rejects.toMatchObject({ reason: 'format' });
    await expect(parse(new TextEncoder().encode('{}'))).rejects.toBeInstanceOf(AvatarLoadError);
  });

  it('a glTF without a body is refused', async () => {
    await expect(parse(Uint8Array.from(new GlbWriter('nobody').toBytes()))).rejects.toMatchObject({
      reason: 'skeleton',
    });
  });
});

import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { AVATAR_KEYS } from '@/lib/core/avatars';
import { ARKIT_COUNT } from '@/lib/pose/arkit';
import { AvatarInstance } from '@/scene/avatar/avatarInstance';
import { AvatarLoadError } from '@/scene/avatar/avatarLoadError';
import type { AvatarModel } from '@/scene/avatar/avatarModel';
import { parseAvatar } from '@/scene/avatar/parseAvatar';

const fileOf = (key: string) => new URL(`../../../public/models/${key}.vrm`, import.meta.url);
const present = AVATAR_KEYS.filter((key) => existsSync(fileOf(key)));

/** GLTFLoader asks `self` for what a browser has. */
beforeAll(() => {
  Object.assign(globalThis, { self: globalThis });
});

async function parse(bytes: Uint8Array): Promise<AvatarModel> {
  const copy = bytes.slice().buffer as ArrayBuffer;
  return parseAvatar(copy, { decode: async () => ({ width: 1, height: 1 }) as ImageBitmap });
}

describe.skipIf(present.length === 0)('default avatars', () => {
  it.each(present)('%s: every bone, every ARKit morph, human measures', async (key) => {
    const model = await parse(readFileSync(fileOf(key)));
    expect(model.boneNodes.every((node) => node >= 0)).toBe(true);
    const face = model.meshes.find((mesh) => mesh.arkitMorphs.length > 0)!;
    expect(face.arkitMorphs).toEqual(Array.from({ length: ARKIT_COUNT }, (_, index) => index));
    const { hipJointY, kneeY, ankleY, topY, eyeY, headJointY, thighBack } = model.measures;
    const rising = [0, ankleY, kneeY, hipJointY, headJointY, eyeY, topY];
    expect([...rising].sort((a, b) => a - b)).toEqual(rising);
    expect(thighBack).toBeGreaterThan(0.04);
  });

  it('shares geometry, materials and vertex buffers between avatars and their levels of detail', async () => {
    const model = await parse(readFileSync(fileOf(present[0]!)));
    const [a, b] = [new AvatarInstance(model), new AvatarInstance(model)];
    a.meshes.forEach((mesh, index) => {
      expect(mesh.geometry).toBe(b.meshes[index]!.geometry);
      expect(mesh.material).toBe(b.meshes[index]!.material);
      expect(mesh.skeleton).not.toBe(b.meshes[index]!.skeleton);
    });
    const fine = a.meshes[0]!.geometry;
    a.setLevel(2);
    expect(a.meshes[0]!.geometry.index!.count).toBeLessThan(fine.index!.count / 2);
    expect(a.meshes[0]!.geometry.attributes.position).toBe(fine.attributes.position);
    expect(b.meshes[0]!.geometry).toBe(fine);
  });
});

describe('parseAvatar', () => {
  it('refuses what is no glTF with a reason', async () => {
    await expect(parse(new Uint8Array([1, 2, 3, 4]))).rejects.toMatchObject({ reason: 'format' });
    await expect(parse(new TextEncoder().encode('{}'))).rejects.toBeInstanceOf(AvatarLoadError);
  });

  it('refuses a glTF that is no VRM', async () => {
    const plain = JSON.stringify({ asset: { version: '2.0' }, scene: 0, scenes: [{ nodes: [] }], nodes: [] });
    await expect(parse(new TextEncoder().encode(plain))).rejects.toMatchObject({ reason: 'skeleton' });
  });
});

import { readFileSync } from 'node:fs';
import { type VRM, VRMLoaderPlugin } from '@pixiv/three-vrm';
import { Box3, type BufferGeometry, SkinnedMesh, Texture, Vector3 } from 'three';
import { GLTFLoader } from 'three/addons/loaders/GLTFLoader.js';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { AVATAR_KEYS } from '@/lib/core/avatars';
import { ARKIT_BLENDSHAPES } from '@/lib/pose/arkit';
import { BONES } from '@/lib/pose/bones';

/** GLTFLoader looks for browser features in `self`. */
beforeAll(() => void vi.stubGlobal('self', globalThis));

/** Reads a file as any page with three-vrm would, without the picture, which Node cannot decode. */
async function load(name: string): Promise<VRM> {
  const loader = new GLTFLoader();
  loader.register(() => ({ name: 'no pictures', loadTexture: async () => new Texture() }));
  loader.register((parser) => new VRMLoaderPlugin(parser));
  const bytes = new Uint8Array(readFileSync(`public/models/${name}.vrm`));
  const gltf = await loader.parseAsync(bytes.buffer, '');
  return gltf.userData.vrm as VRM;
}

function meshesOf(vrm: VRM): SkinnedMesh[] {
  const meshes: SkinnedMesh[] = [];
  vrm.scene.traverse((node) => {
    if (node instanceof SkinnedMesh) meshes.push(node);
  });
  return meshes;
}

function attributesOf({ attributes, morphAttributes }: BufferGeometry) {
  return [...Object.values(attributes), ...Object.values(morphAttributes).flat()];
}

const FILES = AVATAR_KEYS.flatMap((key) => [key, `${key}-lod2`]);

describe.each(FILES)('%s in plain three-vrm', (name) => {
  it('plain three-vrm reads humanoid, expressions, finite numbers and a person’s bounding box', async () => {
    const vrm = await load(name);
    for (const bone of BONES) expect(vrm.humanoid.getRawBoneNode(bone), bone).not.toBeNull();
    for (const shape of ARKIT_BLENDSHAPES) expect(vrm.expressionManager!.getExpression(shape), shape).not.toBeNull();
    const meshes = meshesOf(vrm);
    expect(meshes.map((mesh) => mesh.name).sort()).toEqual(['Body', 'Face']);
    for (const mesh of meshes)
      for (const attribute of attributesOf(mesh.geometry)) expect(attribute.array.every(Number.isFinite)).toBe(true);

    vrm.expressionManager!.setValue('happy', 1);
    vrm.humanoid.setNormalizedPose({ leftUpperArm: { rotation: [0, 0, -0.5, 0.866] } });
    vrm.update(1 / 60);
    vrm.scene.updateMatrixWorld(true);
    const box = new Box3();
    for (const mesh of meshes) {
      mesh.computeBoundingBox();
      box.union(mesh.boundingBox!.clone().applyMatrix4(mesh.matrixWorld));
    }
    const size = box.getSize(new Vector3());
    expect(Math.abs(box.min.y)).toBeLessThan(0.02);
    expect(size.y).toBeGreaterThan(1.45);
    expect(size.y).toBeLessThan(1.8);
    expect(size.z).toBeLessThan(0.8);
  });
});

describe('levels of detail', () => {
  it('each geometry of the whole file names the accessors of its levels of detail', async () => {
    const meshes = meshesOf(await load('ada'));
    for (const { geometry } of meshes)
      expect(geometry.userData.levels).toEqual([expect.any(Number), expect.any(Number), expect.any(Number)]);
  });
});

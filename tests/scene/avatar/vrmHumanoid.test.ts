import { readFile } from 'node:fs/promises';
import { VRMHumanoidLoaderPlugin } from '@pixiv/three-vrm';
import fc from 'fast-check';
import { Object3D } from 'three';
import { type GLTF, GLTFLoader } from 'three/addons/loaders/GLTFLoader.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { BONES } from '@/lib/pose/bones';
import { EmbeddedTextures } from '@/scene/avatar/embeddedTextures';
import { vrmHumanoidOf } from '@/scene/avatar/vrmHumanoid';

const NODES = Array.from({ length: 4 }, (_, i) => Object.assign(new Object3D(), { name: `node ${i}` }));

/** A parsed file of four nodes that says `extensions`. */
function fileWith(extensions: unknown): GLTF {
  const getDependency = async (_kind: string, i: number) => NODES[i]!;
  return { parser: { json: { nodes: [{}, {}, {}, {}], extensions }, getDependency } } as unknown as GLTF;
}

async function namesOf(extensions: unknown): Promise<Record<string, string> | null> {
  const humanoid = await vrmHumanoidOf(fileWith(extensions));
  return humanoid && Object.fromEntries([...humanoid.bones].map(([bone, { name }]) => [bone, name]));
}

/** GLTFLoader asks `self` for what a browser has. */
beforeAll(() => {
  Object.assign(globalThis, { self: globalThis });
});

describe('vrmHumanoidOf', () => {
  it('reads a VRM 1.0', async () => {
    const VRMC_vrm = { humanoid: { humanBones: { hips: { node: 0 }, leftThumbProximal: { node: 2 } } } };
    expect(await namesOf({ VRMC_vrm })).toEqual({ hips: 'node 0', leftThumbProximal: 'node 2' });
    expect((await vrmHumanoidOf(fileWith({ VRMC_vrm })))?.version).toBe('1');
  });

  it('reads a VRM 0.x, whose thumbs are named a joint further out', async () => {
    const humanBones = [
      { bone: 'hips', node: 1 },
      { bone: 'leftThumbProximal', node: 2 },
      { bone: 'leftThumbIntermediate', node: 3 },
    ];
    const VRM = { humanoid: { humanBones } };
    expect(await namesOf({ VRM })).toEqual({
      hips: 'node 1',
      leftThumbMetacarpal: 'node 2',
      leftThumbProximal: 'node 3',
    });
    expect((await vrmHumanoidOf(fileWith({ VRM })))?.version).toBe('0');
  });

  it('leaves out what is no bone or no node', async () => {
    const humanBones = {
      tail: { node: 0 },
      hips: { node: 9 },
      spine: { node: -1 },
      chest: {},
      neck: { node: 0.5 },
      head: null,
    };
    expect(await namesOf({ VRMC_vrm: { humanoid: { humanBones } } })).toEqual({});
  });

  it.each([undefined, {}, { KHR_lights: {} }])('finds none in a file that says %j', async (extensions) => {
    expect(await namesOf(extensions)).toBeNull();
  });

  it('never throws on what an extension may hold', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom('VRM', 'VRMC_vrm'), fc.jsonValue(), async (name, value) => {
        await vrmHumanoidOf(fileWith({ [name]: { humanoid: { humanBones: value } } }));
        await vrmHumanoidOf(fileWith({ [name]: value }));
      }),
    );
  });

  it('reads of a default avatar what three-vrm reads', async () => {
    const { buffer } = new Uint8Array(await readFile(new URL('../../../public/models/ada-lod2.vrm', import.meta.url)));
    const picture = async () => ({ width: 1, height: 1 }) as ImageBitmap;
    const loader = new GLTFLoader()
      .register((parser) => new EmbeddedTextures(parser, picture))
      .register((parser) => new VRMHumanoidLoaderPlugin(parser));
    const gltf = await loader.parseAsync(buffer, '');
    const { bones } = (await vrmHumanoidOf(gltf))!;
    const theirs = Object.entries(gltf.userData.vrmHumanoid.rawHumanBones as Record<string, { node: Object3D }>);
    const ours = theirs.filter(([name]) => (BONES as readonly string[]).includes(name));
    expect(ours.length).toBe(BONES.length);
    expect([...bones].map(([name, { uuid }]) => [name, uuid]).sort()).toEqual(
      ours.map(([name, { node }]) => [name, node.uuid]).sort(),
    );
  });
});

import { expect, it } from 'vitest';
import { ARKIT_COUNT } from '@/lib/pose/arkit';
import { readAccessor, readGlb } from '@/tests/tools/avatars/readGlb';
import { heavyAvatar } from '@/tools/bench/scene/heavyAvatar';

interface Mtoon {
  readonly extensions: { readonly VRMC_materials_mtoon: { readonly outlineWidthMode: string } };
}
interface Springs {
  readonly colliders: readonly object[];
  readonly springs: ReadonlyArray<{ readonly joints: readonly object[] }>;
}

const glb = readGlb(heavyAvatar());
const { json } = glb;
const primitives = json.meshes.flatMap((mesh) => mesh.primitives);

it('the heavy avatar is as heavy as it says', () => {
  const triangles = primitives.reduce((sum, { indices }) => sum + json.accessors[indices]!.count / 3, 0);
  expect(Math.round(triangles / 1000)).toBe(40);
  expect(primitives).toHaveLength(15);
  const outlined = (json.materials as Mtoon[]).filter(
    ({ extensions }) => extensions.VRMC_materials_mtoon.outlineWidthMode !== 'none',
  );
  expect(outlined).toHaveLength(8);
  expect(json.skins.map(({ joints }) => joints.length)).toEqual([161, 161, 161]);
});

it('the heavy avatar has springs, constraints and all face shapes', () => {
  const { springs, colliders } = json.extensions['VRMC_springBone'] as Springs;
  expect(springs.flatMap(({ joints }) => joints)).toHaveLength(100);
  expect(colliders).toHaveLength(17);
  expect(json.nodes.filter((node) => 'extensions' in node)).toHaveLength(6);
  const withShapes = primitives.filter(({ targets }) => targets?.length === ARKIT_COUNT);
  expect(withShapes).toHaveLength(7);
});

it('the heavy avatar is skinned to existing bones with weights that sum to 1', () => {
  for (const { attributes } of primitives) {
    const joints = readAccessor(glb, attributes['JOINTS_0']!);
    const weights = readAccessor(glb, attributes['WEIGHTS_0']!);
    expect(Math.max(...joints)).toBeLessThan(161);
    for (let at = 0; at < weights.length; at += 4) {
      expect(weights[at]! + weights[at + 1]! + weights[at + 2]! + weights[at + 3]!).toBeCloseTo(1, 5);
    }
  }
});

import { existsSync, readFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { AVATAR_KEYS } from '@/lib/core/avatars';
import { ARKIT_BLENDSHAPES } from '@/lib/pose/arkit';
import { BONE_PARENTS, BONES } from '@/lib/pose/bones';
import { AVATAR_SPECS } from '@/tools/avatars/avatarSpecs';
import type { GltfPrimitive } from '@/tools/avatars/glb/glbWriter';
import { type Glb, readAccessor, readGlb } from './readGlb';

const KB = 1024;
/** As the server compresses them. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };
const MOST_BYTES_BROTLI = 350 * KB;
const MOST_BYTES_BROTLI_COARSE = 120 * KB;
/** ARKit's, and the ten VRM presets with their own morph. */
const MOST_MORPHS = 62;
/** By level, finest first. */
const MOST_TRIANGLES = [16_000, 7_500, 3_200, 1_250];
/** The level that also comes as its own file. */
const ALONE = 2;
const VRM_PRESETS = [
  ...['happy', 'angry', 'sad', 'relaxed', 'surprised', 'neutral'],
  ...['aa', 'ih', 'ou', 'ee', 'oh'],
  ...['blink', 'blinkLeft', 'blinkRight', 'lookUp', 'lookDown', 'lookLeft', 'lookRight'],
];

interface Expression {
  morphTargetBinds: Array<{ node: number; index: number; weight: number }>;
}

interface Vrm {
  specVersion: string;
  meta: { name: string; authors: string[]; licenseUrl: string; avatarPermission: string; modification: string };
  humanoid: { humanBones: Record<string, { node: number }> };
  expressions: { preset: Record<string, Expression>; custom: Record<string, Expression> };
  lookAt: { type: string };
}

function model(name: string) {
  const bytes = readFileSync(`public/models/${name}.vrm`);
  const glb = readGlb(bytes);
  const primitives = glb.json.meshes.flatMap((mesh) => mesh.primitives);
  return { bytes, glb, primitives, vrm: glb.json.extensions['VRMC_vrm'] as Vrm };
}

/** Indices of every level of a primitive, finest first. */
function levelsOf(glb: Glb, { indices, extras }: GltfPrimitive): number[][] {
  return [indices, ...(extras?.levels ?? [])].map((accessor) => readAccessor(glb, accessor));
}

function trianglesOf(glb: Glb, primitives: readonly GltfPrimitive[], level: number): number {
  return primitives.reduce((sum, primitive) => sum + levelsOf(glb, primitive)[level]!.length / 3, 0);
}

function largest(values: readonly number[]): number {
  return values.reduce((a, b) => Math.max(a, b), 0);
}

function triples(values: readonly number[]): number[][] {
  return values.flatMap((_, i) => (i % 3 === 0 ? [values.slice(i, i + 3)] : []));
}

describe.each(AVATAR_KEYS)('public/models/%s', (key) => {
  const { bytes, glb, primitives, vrm } = model(key);
  const coarse = model(`${key}-lod2`);
  const { stature } = AVATAR_SPECS[key].build;
  const read = (primitive: GltfPrimitive, name: string) => readAccessor(glb, primitive.attributes[name]!);

  it('the avatar and its coarse level compress to within their size caps', () => {
    expect(brotliCompressSync(bytes, BROTLI).length).toBeLessThanOrEqual(MOST_BYTES_BROTLI);
    expect(brotliCompressSync(coarse.bytes, BROTLI).length).toBeLessThanOrEqual(MOST_BYTES_BROTLI_COARSE);
  });

  it('the avatar has four levels over one set of vertices, each within its cap and over a prefix of them', () => {
    const used = primitives.map((primitive) => levelsOf(glb, primitive).map((indices) => largest(indices) + 1));
    for (const counts of used) {
      expect(counts).toHaveLength(MOST_TRIANGLES.length);
      expect(counts).toEqual([...counts].sort((a, b) => b - a));
      expect(new Set(counts).size).toBe(counts.length);
    }
    const triangles = MOST_TRIANGLES.map((_, level) => trianglesOf(glb, primitives, level));
    triangles.forEach((count, level) => {
      expect(count, `level ${level}`).toBeLessThanOrEqual(MOST_TRIANGLES[level]!);
    });
  });

  it('the coarse file has the same bones, morphs and triangles as that level of the whole one', () => {
    expect(coarse.glb.json.meshes.map(({ name, extras }) => [name, extras])).toEqual(
      glb.json.meshes.map(({ name, extras }) => [name, extras]),
    );
    expect(coarse.glb.json.nodes).toEqual(glb.json.nodes);
    expect(coarse.vrm).toEqual(vrm);
    expect(trianglesOf(coarse.glb, coarse.primitives, 0)).toBe(trianglesOf(glb, primitives, ALONE));
    expect(coarse.primitives.map(({ extras }) => extras)).toEqual([undefined, undefined]);
    const positions = (of: typeof coarse) => readAccessor(of.glb, of.primitives[0]!.attributes['POSITION']!);
    const few = positions(coarse);
    expect(positions({ bytes, glb, primitives, vrm }).slice(0, few.length)).toEqual(few);
  });

  it('the avatar has two primitives, Body and Face, with indices in range', () => {
    expect(glb.json.meshes.map((mesh) => [mesh.name, mesh.primitives.length])).toEqual([
      ['Body', 1],
      ['Face', 1],
    ]);
    const indices = primitives.map((primitive) => readAccessor(glb, primitive.indices));
    primitives.forEach((primitive, i) => {
      const count = glb.json.accessors[primitive.attributes['POSITION']!]!.count;
      expect(indices[i]!.reduce((a, b) => Math.max(a, b), 0)).toBe(count - 1);
      expect(indices[i]!.length % 3).toBe(0);
    });
  });

  it('the avatar states true bounds, stands on the ground and is as tall as a stylised person', () => {
    for (const primitive of primitives) {
      const { min, max } = glb.json.accessors[primitive.attributes['POSITION']!]!;
      const positions = read(primitive, 'POSITION');
      for (const axis of [0, 1, 2]) {
        const values = positions.filter((_, i) => i % 3 === axis);
        expect(values.reduce((a, b) => Math.min(a, b))).toBe(min![axis]);
        expect(values.reduce((a, b) => Math.max(a, b))).toBe(max![axis]);
      }
    }
    const body = glb.json.accessors[primitives[0]!.attributes['POSITION']!]!;
    expect(body.min![1]).toBeGreaterThan(-0.005);
    expect(body.min![1]).toBeLessThan(0.005);
    expect(body.max![1]).toBeGreaterThan(1.45);
    expect(body.max![1]).toBeLessThan(1.8);
  });

  it('the avatar has unit normals and weights that sum to 255 over bones of the skin', () => {
    const joints = glb.json.skins[0]!.joints.length;
    for (const primitive of primitives) {
      const normals = read(primitive, 'NORMAL');
      const lengths = triples(normals).map((normal) => Math.hypot(...normal));
      expect(lengths.filter((length) => Math.abs(length - 1) > 0.02)).toEqual([]);
      const weights = read(primitive, 'WEIGHTS_0');
      const sums = weights.flatMap((_, i) => (i % 4 === 0 ? [weights.slice(i, i + 4).reduce((a, b) => a + b)] : []));
      expect(sums.filter((sum) => sum !== 255)).toEqual([]);
      expect(read(primitive, 'JOINTS_0').every((joint) => joint < joints)).toBe(true);
    }
  });

  it('each of the 52 ARKit morphs has its name and moves at least one vertex', () => {
    const names = glb.json.meshes[1]!.extras!.targetNames;
    expect(primitives[1]!.targets).toHaveLength(names.length);
    expect(names.length).toBeLessThanOrEqual(MOST_MORPHS);
    expect(Object.keys(vrm.expressions.custom)).toEqual([...ARKIT_BLENDSHAPES]);
    for (const name of ARKIT_BLENDSHAPES) {
      const [bind, ...others] = vrm.expressions.custom[name]!.morphTargetBinds;
      expect(others).toEqual([]);
      expect(glb.json.nodes[bind!.node]!.name).toBe('Face');
      expect(names[bind!.index]).toBe(name);
      const deltas = readAccessor(glb, primitives[1]!.targets![bind!.index]!.POSITION);
      expect(
        deltas.reduce((most, delta) => Math.max(most, Math.abs(delta)), 0),
        name,
      ).toBeGreaterThan(0.001);
    }
  });

  it('the avatar has every VRM 1.0 preset, bound to existing morphs', () => {
    expect(Object.keys(vrm.expressions.preset).sort()).toEqual([...VRM_PRESETS].sort());
    const targets = primitives[1]!.targets!.length;
    for (const [name, { morphTargetBinds }] of Object.entries(vrm.expressions.preset)) {
      if (name !== 'neutral') expect(morphTargetBinds.length, name).toBeGreaterThan(0);
      for (const { index, weight } of morphTargetBinds) {
        expect(index).toBeGreaterThanOrEqual(0);
        expect(index).toBeLessThan(targets);
        expect(weight).toBe(1);
      }
    }
  });

  it('the avatar has all 52 bones with identity rotations and the hierarchy of a pose', () => {
    const { humanBones } = vrm.humanoid;
    const parentOf = (node: number) => glb.json.nodes.findIndex((other) => other.children?.includes(node));
    BONES.forEach((bone, i) => {
      const node = humanBones[bone]!.node;
      expect(Object.keys(glb.json.nodes[node]!)).not.toContain('rotation');
      const parent = BONE_PARENTS[i]!;
      expect(parentOf(node), bone).toBe(parent < 0 ? -1 : humanBones[BONES[parent]!]!.node);
    });
  });

  it('the avatar faces +Z with its left hand towards +X', () => {
    const { humanBones } = vrm.humanoid;
    expect(glb.json.nodes[humanBones['leftLowerArm']!.node]!.translation![0]).toBeGreaterThan(0.1);
    expect(glb.json.nodes[humanBones['leftToes']!.node]!.translation![2]).toBeGreaterThan(0.05);
    expect(glb.json.nodes[humanBones['hips']!.node]!.translation![1]).toBeCloseTo(0.77 * stature, 3);
  });

  it('the avatar names its maker and its licence', () => {
    expect(vrm.specVersion).toBe('1.0');
    expect(glb.json.extensionsUsed).toContain('VRMC_vrm');
    expect(vrm.meta.name.toLowerCase()).toBe(key);
    expect(vrm.meta.authors).toEqual(['Parley']);
    expect(vrm.meta.licenseUrl).toBe('https://vrm.dev/licenses/1.0/');
    expect(vrm.meta.avatarPermission).toBe('everyone');
    expect(vrm.meta.modification).toBe('allowModificationRedistribution');
    expect(vrm.lookAt.type).toBe('expression');
  });

  it('the avatar has a portrait of 256 x 256 pixels within 30 KB', () => {
    expect(existsSync(`public/models/${key}.png`)).toBe(true);
    const png = readFileSync(`public/models/${key}.png`);
    expect(png.length).toBeLessThanOrEqual(30 * KB);
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([256, 256]);
  });
});

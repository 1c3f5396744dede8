import {
  type Material,
  MeshLambertMaterial,
  ShaderChunk,
  ShaderLib,
  Texture,
  type WebGLProgramParametersWithUniforms,
} from 'three';
import { describe, expect, it } from 'vitest';
import { createAvatarModel } from '@/scene/avatar/avatarModel';
import type { MorphTargets } from '@/scene/avatar/morphTargets';
import { createRigDepthMaterial, createRigMaterial, type RigUniforms } from '@/scene/avatar/rigMaterial';
import { createSyntheticSource } from './syntheticModel';

const uniforms = {
  rigRows: { value: null },
  rigPalettes: { value: null },
  rigMorphTexel: { value: 7 },
} as unknown as RigUniforms;
const morphs = createAvatarModel(createSyntheticSource()).meshes[0]!.morphs!;

/** The shaders that three would compile, with all chunks. */
function compiled(material: Material, of: 'lambert' | 'depth') {
  const shader = {
    uniforms: {},
    vertexShader: ShaderLib[of].vertexShader,
    fragmentShader: ShaderLib[of].fragmentShader,
  } as WebGLProgramParametersWithUniforms;
  material.onBeforeCompile(shader, null as never);
  const include = (source: string): string =>
    source.replace(/^[ \t]*#include +<([\w\d./]+)>/gm, (_, name: keyof typeof ShaderChunk) =>
      include(ShaderChunk[name]),
    );
  return { ...shader, vertexShader: include(shader.vertexShader), fragmentShader: include(shader.fragmentShader) };
}

const lit = (with_: MorphTargets | null) =>
  createRigMaterial((surface) => new MeshLambertMaterial(surface), {}, uniforms, with_);

/** The palette of a default avatar, as in its file. */
function palette(name = 'palette', width = 16): Texture {
  const texture = new Texture({ width, height: 1 } as ImageBitmap);
  texture.name = name;
  return texture;
}

const coloured = (map: Texture) =>
  createRigMaterial((surface) => new MeshLambertMaterial(surface), { map }, uniforms, morphs) as MeshLambertMaterial;

/** Each must come before the next, or a step of skinning is lost. */
const STEPS = ['rigAdd(skinIndex.x', 'transformed = vec3( position )', 'transformed = vec3(dot(rigX', 'gl_Position ='];

function expectInOrder(source: string, steps: readonly string[]): void {
  const places = steps.map((step) => source.indexOf(step));
  expect(Math.min(...places)).toBeGreaterThan(-1);
  expect([...places].sort((a, b) => a - b)).toEqual(places);
}

describe('rig materials', () => {
  it('rig materials skin, morph and dim in the shaders of the installed three', () => {
    const { vertexShader, fragmentShader, uniforms: given } = compiled(lit(morphs), 'lambert');
    expectInOrder(vertexShader, STEPS);
    expectInOrder(vertexShader, ['vec3 objectNormal', 'objectNormal = vec3(dot(rigX', 'vec3 transformedNormal']);
    expectInOrder(vertexShader, ['transformed += rigOffset', 'transformed = vec3(dot(rigX']);
    expect(vertexShader).toContain('#define RIG_MORPHS 1');
    expectInOrder(fragmentShader, ['varying float vBrightness', 'diffuseColor.rgb *= vBrightness', 'outgoingLight =']);
    for (const [name, uniform] of Object.entries(uniforms)) expect(given[name]).toBe(uniform);
    expect(given['rigMorphs']?.value).toBe(morphs.texture);
  });

  it('a rig casts a shadow of the same shape', () => {
    const { vertexShader, fragmentShader } = compiled(createRigDepthMaterial(uniforms, morphs), 'depth');
    expectInOrder(vertexShader, STEPS);
    expectInOrder(vertexShader, ['transformed += rigOffset', 'transformed = vec3(dot(rigX']);
    expect(vertexShader + fragmentShader).not.toContain('vBrightness');
  });

  it('a palette is read once for each vertex, and no picture is sampled', () => {
    const own = palette();
    const material = coloured(own);
    const { vertexShader, fragmentShader, uniforms: given } = compiled(material, 'lambert');
    expect(material.map).toBeNull();
    expectInOrder(vertexShader, [
      'varying vec3 vPalette',
      'int rigRowAt',
      'vec4 rigColour = texelFetch(rigPalettes, ivec2(rigSlot, rigRowAt), 0)',
      'vPalette =',
    ]);
    expectInOrder(fragmentShader, ['varying vec3 vPalette', 'diffuseColor.rgb *= vPalette', 'outgoingLight =']);
    expect(given).toMatchObject({ rigPalettes: uniforms.rigPalettes, rigOwnPalette: { value: own } });
  });

  it.each([palette('skin'), palette('palette', 1024)])('a picture is not taken for a palette', (picture) => {
    const material = coloured(picture);
    expect(material.map).toBe(picture);
    const { vertexShader, fragmentShader } = compiled(material, 'lambert');
    expect(vertexShader + fragmentShader).not.toContain('vPalette');
    expect(material.customProgramCacheKey()).not.toBe(coloured(palette()).customProgramCacheKey());
  });

  it('meshes of the same kind share one program', () => {
    const keys = [lit(morphs), lit(morphs), lit(null)].map((material) => material.customProgramCacheKey());
    expect(keys[0]).toBe(keys[1]);
    expect(keys[0]).not.toBe(keys[2]);
  });

  it("a material's own shader hook still runs", () => {
    const material = createRigMaterial(
      () => {
        const plain = new MeshLambertMaterial();
        plain.onBeforeCompile = (shader) => {
          shader.vertexShader = `// own\n${shader.vertexShader}`;
        };
        plain.customProgramCacheKey = () => 'own';
        return plain;
      },
      {},
      uniforms,
      null,
    );
    expect(compiled(material, 'lambert').vertexShader).toMatch(/^\/\/ own\n/);
    expect(material.customProgramCacheKey()).toContain('own');
  });
});

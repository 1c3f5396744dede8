import {
  type DataTexture,
  type IUniform,
  type Material,
  MeshDepthMaterial,
  MeshLambertMaterial,
  type Texture,
} from 'three';
import type { AvatarSurface } from './avatarSource';
import type { MorphTargets } from './morphTargets';
import { isPalette, PALETTE_WIDTH } from './paletteRows';

/** Makes the material that avatars are drawn with; its program must be based on three's Lambert shader. */
export type CreateAvatarMaterial = (surface: AvatarSurface) => Material;

export const createPlainMaterial: CreateAvatarMaterial = (surface) => new MeshLambertMaterial(surface);

type ShaderHook = Material['onBeforeCompile'];

/** Uniforms that all shaders of one model share. The row texture is replaced when it grows. */
export interface RigUniforms {
  readonly rigRows: IUniform<DataTexture>;
  /** Colours of each row, see `PaletteRows`; null where the model has no palette. Replaced when it grows. */
  readonly rigPalettes: IUniform<DataTexture | null>;
  /** First texel of the morphs in a row. */
  readonly rigMorphTexel: IUniform<number>;
}

/** Vertex attribute: an instance's row in the rig texture. */
export const ROW_ATTRIBUTE = 'rigRow';

const PARS = `
uniform highp sampler2D rigRows;
uniform int rigMorphTexel;
attribute float ${ROW_ATTRIBUTE};
attribute vec4 skinIndex;
attribute vec4 skinWeight;
vec4 rigX = vec4(0.0);
vec4 rigY = vec4(0.0);
vec4 rigZ = vec4(0.0);
void rigAdd(const in float entry, const in float weight, const in int row) {
  if (weight == 0.0) return;
  int at = 1 + int(entry) * 3;
  rigX += weight * texelFetch(rigRows, ivec2(at, row), 0);
  rigY += weight * texelFetch(rigRows, ivec2(at + 1, row), 0);
  rigZ += weight * texelFetch(rigRows, ivec2(at + 2, row), 0);
}
#ifdef RIG_MORPHS
uniform highp sampler2DArray rigMorphs;
vec3 rigOffset = vec3(0.0);
vec3 rigNormalOffset = vec3(0.0);
vec3 rigMorph(const in int target, const in int part) {
  int texel = gl_VertexID * RIG_MORPHS + part;
  int width = textureSize(rigMorphs, 0).x;
  return texelFetch(rigMorphs, ivec3(texel % width, texel / width, target), 0).xyz;
}
void rigAddMorph(const in int target, const in float weight) {
  if (weight == 0.0) return;
  rigOffset += weight * rigMorph(target, 0);
  #if RIG_MORPHS > 1
  rigNormalOffset += weight * rigMorph(target, 1);
  #endif
}
#endif
`;

const READ = `
int rigRowAt = int(${ROW_ATTRIBUTE});
vec4 rigHead = texelFetch(rigRows, ivec2(0, rigRowAt), 0);
rigAdd(skinIndex.x, skinWeight.x, rigRowAt);
rigAdd(skinIndex.y, skinWeight.y, rigRowAt);
rigAdd(skinIndex.z, skinWeight.z, rigRowAt);
rigAdd(skinIndex.w, skinWeight.w, rigRowAt);
#ifdef RIG_MORPHS
int rigPairs = int(rigHead.y);
for (int i = 0; i < rigPairs; i += 2) {
  vec4 pairs = texelFetch(rigRows, ivec2(rigMorphTexel + i / 2, rigRowAt), 0);
  rigAddMorph(int(pairs.x), pairs.y);
  rigAddMorph(int(pairs.z), pairs.w);
}
#endif
`;

const MORPH_NORMAL = `
#ifdef RIG_MORPHS
objectNormal += rigNormalOffset;
#endif
`;

const SKIN_NORMAL = `
objectNormal = vec3(dot(rigX.xyz, objectNormal), dot(rigY.xyz, objectNormal), dot(rigZ.xyz, objectNormal));
`;

const MORPH = `
#ifdef RIG_MORPHS
transformed += rigOffset;
#endif
`;

const SKIN = `
vec4 rigPlace = vec4(transformed, 1.0);
transformed = vec3(dot(rigX, rigPlace), dot(rigY, rigPlace), dot(rigZ, rigPlace));
`;

const BRIGHTNESS_PARS = 'varying float vBrightness;\n';
const BRIGHTNESS = 'diffuseColor.rgb *= vBrightness;\n';

/** A triangle lies in one texel of the palette, so its colour is read once for each vertex and never for each pixel. */
const PALETTE_PARS = `
uniform sampler2D rigPalettes;
uniform sampler2D rigOwnPalette;
`;
const PALETTE_VARYING = 'varying vec3 vPalette;\n';
const READ_PALETTE = `
int rigSlot = int(uv.x * ${PALETTE_WIDTH}.0);
vec4 rigColour = texelFetch(rigPalettes, ivec2(rigSlot, rigRowAt), 0);
vPalette = rigColour.a > 0.5 ? rigColour.rgb : texelFetch(rigOwnPalette, ivec2(rigSlot, 0), 0).rgb;
`;
const PALETTE = 'diffuseColor.rgb *= vPalette;\n';

/** Takes the shape of a skinned mesh from its row. */
function hookSkin(uniforms: RigUniforms, morphs: MorphTargets | null): ShaderHook {
  return (shader) => {
    Object.assign(shader.uniforms, uniforms);
    if (morphs) shader.uniforms.rigMorphs = { value: morphs.texture };
    const defines = morphs ? `#define RIG_MORPHS ${morphs.texelsPerVertex}\n` : '';
    shader.vertexShader = shader.vertexShader
      .replace('#include <skinning_pars_vertex>', defines + PARS)
      .replace('#include <morphinstance_vertex>', READ)
      .replace('#include <morphnormal_vertex>', MORPH_NORMAL)
      .replace('#include <skinnormal_vertex>', SKIN_NORMAL)
      .replace('#include <morphtarget_vertex>', MORPH)
      .replace('#include <skinning_vertex>', SKIN);
  };
}

/** Takes the brightness from the row, and the colours as well where the model has a `palette`. */
function hookColour(palette: Texture | null): ShaderHook {
  const varyings = BRIGHTNESS_PARS + (palette ? PALETTE_VARYING : '');
  const read = `vBrightness = rigHead.x;\n${palette ? READ_PALETTE : ''}`;
  return (shader) => {
    if (palette) shader.uniforms.rigOwnPalette = { value: palette };
    shader.vertexShader = shader.vertexShader
      .replace(PARS, (pars) => pars + (palette ? PALETTE_PARS : '') + varyings)
      .replace(READ, (before) => before + read);
    shader.fragmentShader = shader.fragmentShader
      .replace('#include <color_pars_fragment>', `#include <color_pars_fragment>\n${varyings}`)
      .replace('#include <color_fragment>', `#include <color_fragment>\n${BRIGHTNESS}${palette ? PALETTE : ''}`);
  };
}

/** Adds a step to the shaders of one of three's materials, after the steps it already has. */
function addHook(material: Material, hook: ShaderHook, key: string): void {
  const before = { hook: material.onBeforeCompile, key: material.customProgramCacheKey() };
  material.onBeforeCompile = (shader, renderer) => {
    before.hook.call(material, shader, renderer);
    hook(shader, renderer);
  };
  material.customProgramCacheKey = () => `${before.key}-${key}`;
}

function rig(material: Material, uniforms: RigUniforms, morphs: MorphTargets | null): void {
  addHook(material, hookSkin(uniforms, morphs), `rig-${morphs?.texelsPerVertex ?? 0}`);
}

/** The material of a mesh, for all rows; meshes of the same kind share a program. */
export function createRigMaterial(
  create: CreateAvatarMaterial,
  surface: AvatarSurface,
  uniforms: RigUniforms,
  morphs: MorphTargets | null,
): Material {
  const palette = isPalette(surface.map) ? surface.map : null;
  const material = create(palette ? { ...surface, map: null } : surface);
  rig(material, uniforms, morphs);
  addHook(material, hookColour(palette), palette ? 'palette' : 'picture');
  return material;
}

/** The material that casts the shadow of a mesh and moves as the mesh does. */
export function createRigDepthMaterial(uniforms: RigUniforms, morphs: MorphTargets | null): Material {
  const material = new MeshDepthMaterial();
  rig(material, uniforms, morphs);
  return material;
}

import {
  LinearMipmapNearestFilter,
  MeshLambertMaterial,
  type MeshLambertMaterialParameters,
  type Texture,
  type WebGLProgramParametersWithUniforms,
} from 'three';
import { webGl2Support } from './webgl2';

/** Where light is computed: per pixel, with shadows, or per vertex, for machines that draw on the CPU. */
export type Shading = 'pixel' | 'vertex';

/** Light along the silhouette, so that a person turned away from the window still stands out. */
const RIM_STRENGTH = 0.3;

type ShaderHook = (shader: WebGLProgramParametersWithUniforms) => void;

const PIXEL_RIM = `
float rim = 1.0 - saturate(dot(normalize(vViewPosition), normal));
outgoingLight += diffuseColor.rgb * rim * rim * rim * ${RIM_STRENGTH.toFixed(2)};
#include <opaque_fragment>`;

const VERTEX_LIGHT_HEAD = `
varying vec3 vLight;
#include <lights_pars_begin>
void main() {`;

const VERTEX_LIGHT = `
#include <project_vertex>
vec3 lightNormal = normalize(transformedNormal);
vec3 irradiance = ambientLightColor;
#if NUM_HEMI_LIGHTS > 0
#pragma unroll_loop_start
for (int i = 0; i < NUM_HEMI_LIGHTS; i ++) {
  irradiance += getHemisphereLightIrradiance(hemisphereLights[ i ], lightNormal);
}
#pragma unroll_loop_end
#endif
#if NUM_DIR_LIGHTS > 0
#pragma unroll_loop_start
for (int i = 0; i < NUM_DIR_LIGHTS; i ++) {
  irradiance += saturate(dot(lightNormal, directionalLights[ i ].direction)) * directionalLights[ i ].color;
}
#pragma unroll_loop_end
#endif
vLight = irradiance * RECIPROCAL_PI;`;

const VERTEX_RIM = `
float rim = 1.0 - saturate(dot(normalize(-mvPosition.xyz), lightNormal));
vLight += rim * rim * rim * ${RIM_STRENGTH.toFixed(2)};`;

/** What three's Lambert material does per pixel and is not wanted here. */
const PIXEL_LIGHT = [
  '#include <normal_fragment_begin>',
  '#include <normal_fragment_maps>',
  '#include <lights_lambert_fragment>',
  '#include <lights_fragment_begin>',
  '#include <lights_fragment_maps>',
  '#include <lights_fragment_end>',
] as const;

const OUTGOING = /vec3 outgoingLight = [^;]+;/;

function shadeByPixel(hasRim: boolean): ShaderHook {
  return (shader) => {
    if (hasRim) shader.fragmentShader = shader.fragmentShader.replace('#include <opaque_fragment>', PIXEL_RIM);
  };
}

function shadeByVertex(hasRim: boolean): ShaderHook {
  const light = hasRim ? VERTEX_LIGHT + VERTEX_RIM : VERTEX_LIGHT;
  return (shader) => {
    shader.vertexShader = shader.vertexShader
      .replace('void main() {', VERTEX_LIGHT_HEAD)
      .replace('#include <project_vertex>', light);
    const plain = PIXEL_LIGHT.reduce((source, chunk) => source.replace(chunk, ''), shader.fragmentShader);
    shader.fragmentShader = plain
      .replace('void main() {', 'varying vec3 vLight;\nvoid main() {')
      .replace(OUTGOING, 'vec3 outgoingLight = diffuseColor.rgb * vLight;');
  };
}

function createMatte(
  parameters: MeshLambertMaterialParameters,
  shading: Shading,
  hasRim: boolean,
): MeshLambertMaterial {
  const material = new MeshLambertMaterial(parameters);
  material.onBeforeCompile = shading === 'pixel' ? shadeByPixel(hasRim) : shadeByVertex(hasRim);
  material.customProgramCacheKey = () => `matte-${shading}-${hasRim}`;
  return material;
}

/** The shading for this machine. */
export function shadingHere(): Shading {
  return webGl2Support()?.isSoftware ? 'vertex' : 'pixel';
}

/** On the CPU, blending between mipmaps costs more than all light: one level per pixel has to do. */
function sampleCheaply(map: Texture | null | undefined, shading: Shading): void {
  if (!map || shading === 'pixel') return;
  map.anisotropy = 1;
  map.minFilter = LinearMipmapNearestFilter;
}

/** Matte material of furniture. */
export function createRoomMaterial(parameters: MeshLambertMaterialParameters): MeshLambertMaterial {
  sampleCheaply(parameters.map, shadingHere());
  return createMatte(parameters, shadingHere(), false);
}

/** Matte material of people; by default with the shading for this machine. */
export function createAvatarMaterial(
  parameters: MeshLambertMaterialParameters,
  shading: Shading = shadingHere(),
): MeshLambertMaterial {
  sampleCheaply(parameters.map, shading);
  return createMatte(parameters, shading, true);
}

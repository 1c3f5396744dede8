import { type BufferGeometry, PlaneGeometry } from 'three';
import { mergeGeometries } from 'three/addons/utils/BufferGeometryUtils.js';
import { box } from '../build/paint';
import { ROOM } from '../plan/roomSize';

const CENTRES = [-3.7, 0, 3.7] as const;
const WIDTH = 3;
const HEIGHT = 2.2;
const SILL = 0.62;
const FRAME = 0x94755a;
const FRAME_WIDTH = 0.07;

/** Frames, mullions and sills, to be merged with the walls. */
export function createWindowFrames(): BufferGeometry[] {
  const z = -ROOM.halfZ + 0.05;
  const middle = SILL + HEIGHT / 2;
  return CENTRES.flatMap((x) => [
    box(x - WIDTH / 2, middle, z, FRAME_WIDTH, HEIGHT + FRAME_WIDTH, 0.1, FRAME),
    box(x + WIDTH / 2, middle, z, FRAME_WIDTH, HEIGHT + FRAME_WIDTH, 0.1, FRAME),
    box(x, middle, z, 0.045, HEIGHT, 0.07, FRAME),
    box(x, SILL + HEIGHT * 0.7, z, WIDTH, 0.045, 0.07, FRAME),
    box(x, SILL + HEIGHT, z, WIDTH, FRAME_WIDTH, 0.1, FRAME),
    box(x, SILL, z + 0.06, WIDTH + 0.2, 0.05, 0.24, FRAME),
  ]);
}

const VIEW_VERTEX = `
varying vec2 vAt;
void main() {
  vAt = position.xy;
  gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
}`;

/** Sky that brightens towards the horizon, and two rows of hills. */
const VIEW_FRAGMENT = `
uniform vec3 top;
uniform vec3 low;
uniform vec3 hills;
uniform vec3 near;
varying vec2 vAt;
void main() {
  float height = (vAt.y - ${SILL.toFixed(2)}) / ${HEIGHT.toFixed(2)};
  vec3 color = mix(low, top, smoothstep(0.25, 1.1, height));
  float far = 0.36 + 0.05 * sin(vAt.x * 0.9 + 1.0) + 0.03 * sin(vAt.x * 2.3);
  float close = 0.2 + 0.05 * sin(vAt.x * 0.7 - 1.4) + 0.02 * sin(vAt.x * 3.1);
  color = mix(color, mix(hills, low, 0.35), smoothstep(0.0, 0.012, far - height));
  color = mix(color, near, smoothstep(0.0, 0.012, close - height));
  gl_FragColor = vec4(color, 1.0);
  #include <colorspace_fragment>
}`;

/** Shader of what is outside. Uniforms, all colours: `top` and `low` of the sky, far `hills` and `near` ones. */
export const VIEW_SHADER = { vertex: VIEW_VERTEX, fragment: VIEW_FRAGMENT } as const;

/** The panes on which the outside is drawn. */
export function createPanes(): BufferGeometry {
  return mergeGeometries(
    CENTRES.map((x) => new PlaneGeometry(WIDTH, HEIGHT).translate(x, SILL + HEIGHT / 2, -ROOM.halfZ + 0.012)),
  );
}

const PATCH_VERTEX = `
varying vec2 vUv;
void main() {
  vUv = uv;
  gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
}`;

/** A window's light on the floor: soft at the edges, softer farther in, cut by the mullions. */
const PATCH_FRAGMENT = `
uniform vec3 color;
uniform float strength;
varying vec2 vUv;
float bar(float at, float middle, float width, float soft) {
  return smoothstep(width, width + soft, abs(at - middle));
}
void main() {
  float soft = mix(0.02, 0.07, 1.0 - vUv.y);
  float edge = smoothstep(0.0, soft * 2.0, vUv.x) * smoothstep(0.0, soft * 2.0, 1.0 - vUv.x)
    * smoothstep(0.0, soft * 2.0, vUv.y) * smoothstep(0.0, soft, 1.0 - vUv.y);
  float panes = bar(vUv.x, 0.5, 0.004, soft) * bar(vUv.y, 0.3, 0.006, soft);
  gl_FragColor = vec4(color * (strength * edge * panes * mix(0.35, 1.0, vUv.y)), 1.0);
  #include <colorspace_fragment>
}`;

/** How far the light reaches into the room and aside, metres. */
const PATCH = { near: 0.7, length: 3.4, aside: 1.1 } as const;

function patch(x: number): BufferGeometry {
  const geometry = new PlaneGeometry(WIDTH * 0.94, PATCH.length).rotateX(-Math.PI / 2);
  const { position } = geometry.attributes;
  for (let i = 0; i < position!.count; i += 1) {
    const inwards = position!.getZ(i) / PATCH.length + 0.5;
    position!.setX(i, position!.getX(i) + x + PATCH.aside * (0.2 + inwards));
  }
  return geometry.translate(0, 0.012, -ROOM.halfZ + PATCH.near + PATCH.length / 2);
}

/** Shader of the windows' light on the floor, for additive blending. Uniforms: its `color` and `strength`, 0 to 1. */
export const PATCH_SHADER = { vertex: PATCH_VERTEX, fragment: PATCH_FRAGMENT } as const;

/** Where the windows' light falls on floor and rug. */
export function createPatches(): BufferGeometry {
  return mergeGeometries(CENTRES.map(patch));
}

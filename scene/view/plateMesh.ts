import {
  DynamicDrawUsage,
  InstancedBufferAttribute,
  InstancedBufferGeometry,
  Mesh,
  PlaneGeometry,
  ShaderMaterial,
  type Texture,
  Vector2,
} from 'three';

/** Room around a plate for its ring of speaking, CSS pixels. */
const MARGIN = 9;

const VERTEX = `
uniform vec2 screen;
uniform float ratio;
attribute vec3 place;
attribute vec4 rect;
attribute vec4 shape;
attribute vec2 voice;
varying vec2 vUv;
varying vec2 vAt;
varying vec2 vHalf;
varying vec2 vVoice;
varying float vOpacity;
void main() {
  vec2 size = floor(shape.xy);
  vec2 outwards = vec2(sign(position.x), position.y * 2.0 - 1.0) * floor(${MARGIN.toFixed(1)} * ratio);
  vec2 corner = position.xy * size + outwards;
  vHalf = size * 0.5;
  vAt = corner - vec2(0.0, vHalf.y);
  vUv = rect.xy + (vAt / max(size, vec2(1.0)) + 0.5) * rect.zw;
  vVoice = voice;
  vOpacity = shape.w;
  vec4 clip = projectionMatrix * viewMatrix * vec4(place, 1.0);
  vec2 middle = floor((clip.xy / clip.w * 0.5 + 0.5) * screen) + vec2(0.0, shape.z);
  float isShown = step(0.5, size.x) * step(0.0, clip.w);
  gl_Position = vec4((middle + corner) / screen * 2.0 - 1.0, clip.z / clip.w, 1.0) * vec4(vec3(isShown), 1.0);
}`;

/**
 * The plate, and round it while its person speaks: a light ring that swells with the voice, set off by a dark keyline so
 * that it is as legible before a bright wall as before a dark one, and a breath of its colour beyond.
 */
const FRAGMENT = `
uniform sampler2D atlas;
uniform float ratio;
varying vec2 vUv;
varying vec2 vAt;
varying vec2 vHalf;
varying vec2 vVoice;
varying float vOpacity;
const vec3 RING = vec3(1.0, 0.68, 0.48);
const vec3 KEYLINE = vec3(0.141, 0.122, 0.11);
void main() {
  float outside = (length(max(abs(vAt) - vHalf + vHalf.y, 0.0)) - vHalf.y) / ratio;
  vec4 plate = texture2D(atlas, vUv) * step(max(abs(vAt.x) - vHalf.x, abs(vAt.y) - vHalf.y), 0.0);
  float width = 1.6 + 1.8 * vVoice.y;
  float soft = 0.6 / ratio;
  float inRing = smoothstep(-0.4 - soft, -0.4 + soft, outside) * (1.0 - smoothstep(width - soft, width + soft, outside));
  float inLine = smoothstep(-soft, soft, outside) * (1.0 - smoothstep(width + 1.4, width + 2.0, outside)) * 0.84;
  float beyond = max(0.0, outside - width - 1.4);
  float glow = 0.5 * vVoice.y * exp(-beyond * beyond * 0.09) * smoothstep(0.0, 1.0, beyond)
    * (1.0 - smoothstep(${(MARGIN - 5).toFixed(1)}, ${(MARGIN - 3).toFixed(1)}, beyond));
  vec4 color = plate;
  color += vec4(KEYLINE, 1.0) * (inLine * vVoice.x) * (1.0 - color.a);
  color += vec4(RING, 1.0) * (glow * vVoice.x) * (1.0 - color.a);
  color = mix(color, vec4(RING, 1.0), inRing * vVoice.x);
  gl_FragColor = color * vOpacity;
  if (gl_FragColor.a < 0.01) discard;
}`;

/** All name plates as one draw: quads of a size in pixels at places in the room. */
export class PlateMesh {
  readonly mesh: Mesh<InstancedBufferGeometry, ShaderMaterial>;
  /** Where each plate hangs: x y z in metres. */
  readonly places: Float32Array;
  /** Where it is in the atlas: left, bottom, width, height. */
  readonly rects: Float32Array;
  /** Width, height and lift in device pixels, opacity. */
  readonly shapes: Float32Array;
  /** How far the ring of speaking is there and how loud it looks, 0 to 1 each. */
  readonly voices: Float32Array;

  constructor(count: number, atlas: Texture) {
    const geometry = new InstancedBufferGeometry();
    const quad = new PlaneGeometry(1, 1).translate(0, 0.5, 0);
    geometry.index = quad.index;
    geometry.setAttribute('position', quad.attributes.position!);
    geometry.setAttribute('uv', quad.attributes.uv!);
    this.places = addAttribute(geometry, 'place', count, 3);
    this.rects = addAttribute(geometry, 'rect', count, 4);
    this.shapes = addAttribute(geometry, 'shape', count, 4);
    this.voices = addAttribute(geometry, 'voice', count, 2);
    this.mesh = new Mesh(geometry, createMaterial(atlas));
    this.mesh.frustumCulled = false;
    this.mesh.renderOrder = 10;
  }

  /** Sends `count` plates to the GPU, for a picture of so many device pixels, `ratio` of them a CSS pixel. */
  upload(count: number, screenWidth: number, screenHeight: number, ratio: number): void {
    const { geometry, material } = this.mesh;
    geometry.instanceCount = count;
    (material.uniforms.screen!.value as Vector2).set(screenWidth, screenHeight);
    material.uniforms.ratio!.value = ratio;
    geometry.attributes.place!.needsUpdate = true;
    geometry.attributes.rect!.needsUpdate = true;
    geometry.attributes.shape!.needsUpdate = true;
    geometry.attributes.voice!.needsUpdate = true;
  }

  dispose(): void {
    this.mesh.removeFromParent();
    this.mesh.geometry.dispose();
    this.mesh.material.dispose();
  }
}

function addAttribute(geometry: InstancedBufferGeometry, name: string, count: number, size: number): Float32Array {
  const values = new Float32Array(count * size);
  geometry.setAttribute(name, new InstancedBufferAttribute(values, size).setUsage(DynamicDrawUsage));
  return values;
}

function createMaterial(atlas: Texture): ShaderMaterial {
  return new ShaderMaterial({
    uniforms: { atlas: { value: atlas }, screen: { value: new Vector2(1, 1) }, ratio: { value: 1 } },
    vertexShader: VERTEX,
    fragmentShader: FRAGMENT,
    transparent: true,
    premultipliedAlpha: true,
    depthWrite: false,
    depthTest: false,
    toneMapped: false,
  });
}

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

const VERTEX = `
uniform vec2 screen;
attribute vec3 place;
attribute vec4 rect;
attribute vec4 shape;
varying vec2 vUv;
varying float vOpacity;
void main() {
  vUv = rect.xy + uv * rect.zw;
  vOpacity = shape.w;
  vec4 clip = projectionMatrix * viewMatrix * vec4(place, 1.0);
  vec2 middle = floor((clip.xy / clip.w * 0.5 + 0.5) * screen) + vec2(0.0, shape.z);
  vec2 corner = middle + position.xy * floor(shape.xy);
  gl_Position = vec4(corner / screen * 2.0 - 1.0, clip.z / clip.w, 1.0);
}`;

const FRAGMENT = `
uniform sampler2D atlas;
varying vec2 vUv;
varying float vOpacity;
void main() {
  gl_FragColor = texture2D(atlas, vUv) * vOpacity;
  if (gl_FragColor.a < 0.01) discard;
  #include <colorspace_fragment>
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

  constructor(count: number, atlas: Texture) {
    const geometry = new InstancedBufferGeometry();
    const quad = new PlaneGeometry(1, 1).translate(0, 0.5, 0);
    geometry.index = quad.index;
    geometry.setAttribute('position', quad.attributes.position!);
    geometry.setAttribute('uv', quad.attributes.uv!);
    this.places = addAttribute(geometry, 'place', count, 3);
    this.rects = addAttribute(geometry, 'rect', count, 4);
    this.shapes = addAttribute(geometry, 'shape', count, 4);
    this.mesh = new Mesh(geometry, createMaterial(atlas));
    this.mesh.frustumCulled = false;
    this.mesh.renderOrder = 10;
  }

  /** Sends `count` plates to the GPU. */
  upload(count: number, screenWidth: number, screenHeight: number): void {
    const { geometry, material } = this.mesh;
    geometry.instanceCount = count;
    (material.uniforms.screen!.value as Vector2).set(screenWidth, screenHeight);
    geometry.attributes.place!.needsUpdate = true;
    geometry.attributes.rect!.needsUpdate = true;
    geometry.attributes.shape!.needsUpdate = true;
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
    uniforms: { atlas: { value: atlas }, screen: { value: new Vector2(1, 1) } },
    vertexShader: VERTEX,
    fragmentShader: FRAGMENT,
    transparent: true,
    premultipliedAlpha: true,
    depthWrite: false,
    depthTest: false,
    toneMapped: false,
  });
}

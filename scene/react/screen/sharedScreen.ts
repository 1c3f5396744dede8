import {
  CanvasTexture,
  LinearFilter,
  Mesh,
  NoColorSpace,
  PlaneGeometry,
  ShaderMaterial,
  type Texture,
  Vector3,
  VideoTexture,
} from 'three';
import { smooth } from '@/lib/core/easing';
import { SCREEN_PICTURE, type WallScreen } from '@/scene/room/walls/wallScreen';
import { shadingHere } from '../matteMaterial';
import type { ScreenCaption } from '../plates/namePlates';
import type { SharedScreen } from '../sceneContract';

/** How far the room's screen is down and how bright its picture, 0 to 1 each. */
export interface ScreenMotion {
  roll: number;
  light: number;
}

const ROLL_MS = 1100;
const LIGHT_MS = 320;

function towards(value: number, goal: number, timeMs: number, deltaMs: number): number {
  const step = deltaMs / timeMs;
  return value < goal ? Math.min(goal, value + step) : Math.max(goal, value - step);
}

/**
 * Advances the screen's motion in place: it comes down and then lights up; it goes dark and then rolls up. `isWanted`:
 * the screen should be down; `isLit`: there is a picture to show; `isStill`: at once.
 */
export function moveScreen(motion: ScreenMotion, isWanted: boolean, isLit: boolean, deltaMs: number, isStill: boolean) {
  const light = isWanted && isLit ? 1 : 0;
  if (isStill) {
    motion.roll = isWanted ? 1 : 0;
    motion.light = light;
    return;
  }
  motion.light = towards(motion.light, motion.roll === 1 ? light : 0, LIGHT_MS, deltaMs);
  if (isWanted) motion.roll = towards(motion.roll, 1, ROLL_MS, deltaMs);
  else if (motion.light === 0) motion.roll = towards(motion.roll, 0, ROLL_MS, deltaMs);
}

/**
 * Writes the largest width and height of a picture of `aspect` that fit into `width` by `height` into `out`.
 */
export function letterbox(aspect: number, width: number, height: number, out: { width: number; height: number }) {
  const isWide = aspect > width / height;
  out.width = isWide ? width : height * aspect;
  out.height = isWide ? width / aspect : height;
}

const VERTEX = `
varying vec2 vUv;
void main() {
  vUv = uv;
  gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
}`;

/**
 * The video's picture unchanged: no light, fog, tone mapping or colour conversion. If it is drawn smaller than it is,
 * each pixel is the mean of a grid of samples over its footprint, so that text stays readable without mipmaps.
 */
const FRAGMENT = `
uniform sampler2D picture;
uniform float light;
varying vec2 vUv;
void main() {
  vec2 across = dFdx(vUv);
  vec2 down = dFdy(vUv);
  vec3 sum = vec3(0.0);
  for (int i = 0; i < TAPS; i ++) {
    for (int j = 0; j < TAPS; j ++) {
      vec2 at = (vec2(float(i), float(j)) + 0.5) / float(TAPS) - 0.5;
      sum += texture2D(picture, vUv + across * at.x + down * at.y).rgb;
    }
  }
  gl_FragColor = vec4(sum / float(TAPS * TAPS), light);
}`;

/** Samples per pixel in each direction: few if the CPU draws. */
const TAPS = { pixel: 4, vertex: 2 } as const;

const size = { width: 1, height: 1 };

type Picture = SharedScreen['picture'];

/** Whether there is something to show. */
function hasPicture(picture: Picture): boolean {
  if ('canvas' in picture) return picture.version > 0;
  return picture.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && picture.videoWidth > 0;
}

/** Writes width and height of a picture into `out`; 0 as long as they are not known. */
function readSize(picture: Picture, out: { width: number; height: number }): void {
  const isDrawn = 'canvas' in picture;
  out.width = isDrawn ? picture.canvas.width : picture.videoWidth;
  out.height = isDrawn ? picture.canvas.height : picture.videoHeight;
}

/**
 * A texture of the picture in its own colours, without mipmaps, which would have to be rebuilt for every frame.
 */
function createTexture(picture: Picture, anisotropy: number): Texture {
  const texture = 'canvas' in picture ? new CanvasTexture(picture.canvas) : new VideoTexture(picture);
  texture.colorSpace = NoColorSpace;
  texture.minFilter = LinearFilter;
  texture.magFilter = LinearFilter;
  texture.generateMipmaps = false;
  texture.anisotropy = anisotropy;
  // A still picture sends no further frame.
  if (hasPicture(picture)) texture.needsUpdate = true;
  return texture;
}

/** A picture on a plane, as large as fits into a frame. Drawn only while lit; uploads only new frames. */
class ScreenPicture {
  readonly mesh = new Mesh(new PlaneGeometry(1, 1), createMaterial());
  private texture: Texture | null = null;
  private picture: Picture | null = null;
  /** Version and size of the drawn picture in the texture. */
  private version = 0;
  private readonly uploaded = { width: 0, height: 0 };

  /** `width`, `height`: the frame, metres. */
  constructor(
    private readonly width: number,
    private readonly height: number,
    private readonly anisotropy: number,
  ) {
    this.mesh.visible = false;
  }

  /** What to show; null lets go of it. */
  set(picture: Picture | null): void {
    if (picture === this.picture) return;
    this.texture?.dispose();
    this.picture = picture;
    this.version = 0;
    this.texture = picture && createTexture(picture, this.anisotropy);
    this.mesh.material.uniforms.picture!.value = this.texture;
  }

  /** Whether there is a frame to show. */
  get hasPicture(): boolean {
    return this.picture !== null && hasPicture(this.picture);
  }

  /** Brightness of the picture, 0 to 1. */
  setLight(light: number): void {
    this.mesh.visible = light > 0 && this.texture !== null;
    if (!this.mesh.visible) return;
    this.mesh.material.uniforms.light!.value = light;
    this.upload(this.picture!, this.texture!);
    this.fit(this.picture!);
  }

  dispose(): void {
    this.set(null);
    this.mesh.geometry.dispose();
    this.mesh.material.dispose();
  }

  /** Has a drawn picture that has changed read again; a video's texture does so by itself. */
  private upload(picture: Picture, texture: Texture): void {
    if (!('canvas' in picture) || picture.version === this.version) return;
    readSize(picture, size);
    // A texture on the GPU keeps the size it was made with.
    if (size.width !== this.uploaded.width || size.height !== this.uploaded.height) texture.dispose();
    Object.assign(this.uploaded, size);
    this.version = picture.version;
    texture.needsUpdate = true;
  }

  private fit(picture: Picture): void {
    readSize(picture, size);
    if (size.width === 0 || size.height === 0) return;
    letterbox(size.width / size.height, this.width, this.height, size);
    this.mesh.scale.set(size.width, size.height, 1);
  }
}

function createMaterial(): ShaderMaterial {
  return new ShaderMaterial({
    defines: { TAPS: TAPS[shadingHere()] },
    uniforms: { picture: { value: null }, light: { value: 0 } },
    vertexShader: VERTEX,
    fragmentShader: FRAGMENT,
    transparent: true,
    toneMapped: false,
    fog: false,
  });
}

/** The caption is a little above the picture, metres. */
const CAPTION_PLACE = new Vector3(
  SCREEN_PICTURE.x,
  SCREEN_PICTURE.y + SCREEN_PICTURE.height / 2 + 0.03,
  SCREEN_PICTURE.z,
);

/** A shared screen on the room's screen: lowers the cloth, lights the picture, names its owner. */
export class SharedScreenView {
  private readonly picture: ScreenPicture;
  private readonly motion: ScreenMotion = { roll: 0, light: 0 };
  private wanted: SharedScreen | null = null;
  private shown: SharedScreen | null = null;

  constructor(
    private readonly cloth: WallScreen,
    anisotropy: number,
  ) {
    const { x, y, z, width, height, yawRad } = SCREEN_PICTURE;
    this.picture = new ScreenPicture(width, height, anisotropy);
    this.root.position.set(x, y, z);
    this.root.rotation.y = yawRad;
  }

  /** The picture. */
  get root(): Mesh {
    return this.picture.mesh;
  }

  /** What to show from now on; null rolls the screen up. */
  set(screen: SharedScreen | null): void {
    this.wanted = screen;
  }

  /** Moves the screen, and writes its caption. */
  update(deltaMs: number, isStill: boolean, caption: ScreenCaption): void {
    const isCurrent = this.wanted !== null && this.shown?.picture === this.wanted.picture;
    const { roll } = this.motion;
    moveScreen(this.motion, this.wanted !== null, isCurrent && this.picture.hasPicture, deltaMs, isStill);
    // Another picture comes once the one before has gone dark.
    if (!isCurrent && this.motion.light === 0) this.take(this.wanted);
    else if (isCurrent) this.shown = this.wanted;
    if (roll !== this.motion.roll) this.cloth.setRoll(smooth(this.motion.roll));
    this.picture.setLight(this.motion.light);
    caption.place.copy(CAPTION_PLACE);
    caption.opacity = this.motion.light;
    caption.name = this.shown?.name ?? '';
  }

  dispose(): void {
    this.picture.dispose();
  }

  private take(screen: SharedScreen | null): void {
    this.shown = screen;
    this.picture.set(screen?.picture ?? null);
  }
}

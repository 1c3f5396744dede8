import { LinearFilter, Mesh, NoColorSpace, PlaneGeometry, ShaderMaterial, VideoTexture } from 'three';
import { shadingHere } from './matteMaterial';
import { letterbox } from './screenMotion';

const VERTEX = `
varying vec2 vUv;
void main() {
  vUv = uv;
  gl_Position = projectionMatrix * modelViewMatrix * vec4(position, 1.0);
}`;

/**
 * The picture as the video has it: no light, fog, tone mapping or conversion of colours. Where it is drawn smaller than
 * it is, each pixel is the mean of a grid of samples over its footprint, so that text stays readable without mipmaps.
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

/** Samples a pixel each way: few where the CPU draws. */
const TAPS = { pixel: 4, vertex: 2 } as const;

const size = { width: 1, height: 1 };

/** Reads a video's frames as they come; its own colours, no mipmaps: those of every frame would have to be made anew. */
function createTexture(video: HTMLVideoElement, anisotropy: number): VideoTexture {
  const texture = new VideoTexture(video);
  texture.colorSpace = NoColorSpace;
  texture.minFilter = LinearFilter;
  texture.magFilter = LinearFilter;
  texture.generateMipmaps = false;
  texture.anisotropy = anisotropy;
  // A picture that stands still sends no further frame to wait for.
  if (hasPicture(video)) texture.needsUpdate = true;
  return texture;
}

/** Whether a video has a frame to show. */
export function hasPicture(video: HTMLVideoElement): boolean {
  return video.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA && video.videoWidth > 0;
}

/** A video on a plane, as large as it fits into a frame. Drawn only while it is lit; takes a frame only when one is new. */
export class ScreenPicture {
  readonly mesh = new Mesh(new PlaneGeometry(1, 1), createMaterial());
  private texture: VideoTexture | null = null;
  private video: HTMLVideoElement | null = null;

  /** `width`, `height`: the frame, metres. */
  constructor(
    private readonly width: number,
    private readonly height: number,
    private readonly anisotropy: number,
  ) {
    this.mesh.visible = false;
  }

  /** The video to show; null forgets it. */
  setVideo(video: HTMLVideoElement | null): void {
    if (video === this.video) return;
    this.texture?.dispose();
    this.video = video;
    this.texture = video && createTexture(video, this.anisotropy);
    this.mesh.material.uniforms.picture!.value = this.texture;
  }

  /** Whether a frame can be shown. */
  get hasPicture(): boolean {
    return this.video !== null && hasPicture(this.video);
  }

  /** Brightness of the picture, 0 to 1. */
  setLight(light: number): void {
    this.mesh.visible = light > 0 && this.texture !== null;
    if (!this.mesh.visible) return;
    this.mesh.material.uniforms.light!.value = light;
    this.fit(this.video!);
  }

  dispose(): void {
    this.setVideo(null);
    this.mesh.removeFromParent();
    this.mesh.geometry.dispose();
    this.mesh.material.dispose();
  }

  private fit(video: HTMLVideoElement): void {
    if (video.videoWidth === 0 || video.videoHeight === 0) return;
    letterbox(video.videoWidth / video.videoHeight, this.width, this.height, size);
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

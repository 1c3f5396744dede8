import { DataTexture, InstancedMesh, LinearFilter, Matrix4, MeshBasicMaterial, PlaneGeometry, RGBAFormat } from 'three';
import { smooth } from '@/lib/core/easing';

const TEXTURE_SIZE = 64;
const matrix = new Matrix4();

/** A soft round blot whose alpha falls smoothly to nothing at the rim. */
function blotTexture(): DataTexture {
  const data = new Uint8Array(TEXTURE_SIZE * TEXTURE_SIZE * 4);
  for (let i = 0; i < TEXTURE_SIZE * TEXTURE_SIZE; i += 1) {
    const x = ((i % TEXTURE_SIZE) + 0.5) / TEXTURE_SIZE - 0.5;
    const y = (Math.floor(i / TEXTURE_SIZE) + 0.5) / TEXTURE_SIZE - 0.5;
    const t = Math.max(0, 1 - 2 * Math.hypot(x, y));
    data[i * 4 + 3] = Math.round(255 * smooth(t));
  }
  const texture = new DataTexture(data, TEXTURE_SIZE, TEXTURE_SIZE, RGBAFormat);
  texture.magFilter = LinearFilter;
  texture.minFilter = LinearFilter;
  texture.needsUpdate = true;
  return texture;
}

/** Soft blots on the floor that make things stand rather than float. One draw for all. */
export class ContactShadows {
  readonly root: InstancedMesh;
  private readonly isShown: Uint8Array;

  constructor(count: number, opacity = 0.42) {
    const geometry = new PlaneGeometry(1, 1).rotateX(-Math.PI / 2);
    const material = new MeshBasicMaterial({
      map: blotTexture(),
      color: 0x1c120a,
      transparent: true,
      opacity,
      depthWrite: false,
    });
    this.root = new InstancedMesh(geometry, material, count);
    this.root.frustumCulled = false;
    this.root.renderOrder = 2;
    this.isShown = new Uint8Array(count).fill(1);
    for (let i = 0; i < count; i += 1) this.hide(i);
  }

  /** Puts blot `index` under something `width` by `depth` metres wide. */
  set(index: number, x: number, z: number, width: number, depth: number): void {
    matrix.makeScale(width, 1, depth).setPosition(x, 0.016 + index * 0.00005, z);
    this.root.setMatrixAt(index, matrix);
    this.root.instanceMatrix.needsUpdate = true;
    this.isShown[index] = 1;
  }

  hide(index: number): void {
    // Hidden blots are hidden again in every frame: nothing to upload.
    if (this.isShown[index] === 0) return;
    this.isShown[index] = 0;
    this.root.setMatrixAt(index, matrix.makeScale(0, 0, 0));
    this.root.instanceMatrix.needsUpdate = true;
  }
}

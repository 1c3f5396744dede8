import { DataTexture, FloatType, RGBAFormat, type WebGLRenderer } from 'three';
import type { RigRows } from './rigRows';

/** Copies rows of a texture's own array to the GPU. */
export interface RowWriter {
  /** False where the texture isn't on the GPU yet: it then has to be handed over whole. Must not allocate. */
  write(texture: DataTexture, firstRow: number, rowCount: number): boolean;
}

/** Without a GPU every texture waits to be handed over. */
export const NO_WRITER: RowWriter = { write: () => false };

/** The part of three's state cache that its types leave out. */
interface PixelStore {
  pixelStorei(name: number, value: number | boolean): void;
}

const FLOATS_A_TEXEL = 4;

/**
 * Writes into textures that three has made, past three's own upload, which allocates some hundred bytes a texture and
 * frame. Whatever it changes goes through three's state cache, so that three still knows what is bound. For textures of
 * RGBA floats.
 */
export class WebGlRowWriter implements RowWriter {
  constructor(private readonly renderer: WebGLRenderer) {}

  write(texture: DataTexture, firstRow: number, rowCount: number): boolean {
    const { properties, state } = this.renderer;
    const { __webglTexture: onGpu } = properties.get(texture) as { __webglTexture?: WebGLTexture };
    if (onGpu === undefined) return false;
    const gl = this.renderer.getContext() as WebGL2RenderingContext;
    state.bindTexture(gl.TEXTURE_2D, onGpu);
    const store = state as unknown as PixelStore;
    store.pixelStorei(gl.UNPACK_FLIP_Y_WEBGL, false);
    store.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, false);
    store.pixelStorei(gl.UNPACK_ALIGNMENT, FLOATS_A_TEXEL);
    const { data, width } = texture.image as { data: Float32Array; width: number };
    const from = firstRow * width * FLOATS_A_TEXEL;
    gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, firstRow, width, rowCount, gl.RGBA, gl.FLOAT, data, from);
    return true;
  }
}

/** Rows between two changed ones that are sent along, since another call would cost more than they do. */
const GAP_SENT = 2;

/** The rig texture of a model's people: uploads the rows that have changed. Allocates nothing but when it grows. */
export class RowTexture {
  private textureNow: DataTexture;
  /** Whether the whole still waits for a frame that draws it. */
  private isWaiting = true;

  constructor(private readonly rows: RigRows) {
    this.textureNow = this.create();
  }

  get texture(): DataTexture {
    return this.textureNow;
  }

  /** Uploads what has changed. True where the texture itself is another: the rows have grown. */
  update(writer: RowWriter): boolean {
    if (this.textureNow.image.data !== this.rows.data) {
      this.textureNow.dispose();
      this.textureNow = this.create();
      return true;
    }
    // What waits to be uploaded whole takes along what has changed since.
    if (this.isWaiting) this.rows.changed.fill(0);
    else this.writeChanged(writer);
    return false;
  }

  dispose(): void {
    this.textureNow.dispose();
  }

  private create(): DataTexture {
    const { data, layout, capacity, changed } = this.rows;
    const texture = new DataTexture(data, layout.widthTexels, capacity, RGBAFormat, FloatType);
    texture.onUpdate = () => {
      this.isWaiting = false;
    };
    texture.needsUpdate = true;
    this.isWaiting = true;
    changed.fill(0);
    return texture;
  }

  private writeChanged(writer: RowWriter): void {
    const { changed } = this.rows;
    let first = -1;
    let last = -1;
    for (let row = 0; row < changed.length; row += 1) {
      if (changed[row] === 0) continue;
      changed[row] = 0;
      if (first >= 0 && row - last > GAP_SENT + 1) {
        this.write(writer, first, last);
        first = -1;
      }
      if (first < 0) first = row;
      last = row;
    }
    if (first >= 0) this.write(writer, first, last);
  }

  private write(writer: RowWriter, first: number, last: number): void {
    if (this.isWaiting || writer.write(this.textureNow, first, last - first + 1)) return;
    // Its context was lost: three uploads all of it once it draws again.
    this.textureNow.needsUpdate = true;
    this.isWaiting = true;
  }
}

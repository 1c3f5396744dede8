import { DataTexture, FloatType, RGBAFormat, type WebGLRenderer } from 'three';
import type { RigRows } from './rigRows';

/** Copies rows of a texture's own array to the GPU. */
export interface RowWriter {
  /** False where the texture isn't on the GPU yet, so that three must upload it whole. Must not allocate. */
  write(texture: DataTexture, firstRow: number, rowCount: number): boolean;
}

/** Without a GPU every texture waits for its upload. */
export const NO_WRITER: RowWriter = { write: () => false };

/** The part of three's state cache that is missing in its types. */
interface PixelStore {
  pixelStorei(name: number, value: number | boolean): void;
}

const FLOATS_A_TEXEL = 4;

/**
 * Writes into three's textures without three's own upload, which allocates some hundred bytes a texture and frame. All
 * changes go through three's state cache, so that three knows what is bound. For textures of RGBA floats.
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

/** Up to this many unchanged rows between two changed ones are uploaded too, since another call would cost more. */
const GAP_SENT = 2;

/** The rig texture of a model: uploads the rows that have changed. Allocates only when it grows. */
export class RowTexture {
  private textureNow: DataTexture;
  /** Whether the whole texture still waits for the frame that uploads it. */
  private isWaiting = true;

  constructor(private readonly rows: RigRows) {
    this.textureNow = this.create();
  }

  get texture(): DataTexture {
    return this.textureNow;
  }

  /** Uploads what has changed. True where the rows have grown and the texture was replaced. */
  update(writer: RowWriter): boolean {
    if (this.textureNow.image.data !== this.rows.data) {
      this.textureNow.dispose();
      this.textureNow = this.create();
      return true;
    }
    // The upload of the whole includes what has changed since.
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
    // The context was lost: three uploads the whole texture once it draws again.
    this.textureNow.needsUpdate = true;
    this.isWaiting = true;
  }
}

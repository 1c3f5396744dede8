import type { DataTexture, WebGLRenderer } from 'three';

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

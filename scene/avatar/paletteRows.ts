import { DataTexture, NearestFilter, RGBAFormat, SRGBColorSpace, type Texture, UnsignedByteType } from 'three';
import { PALETTE_SLOTS } from '@/lib/core/avatarPalette';

/** Texels of a palette: one for each slot. */
export const PALETTE_WIDTH = PALETTE_SLOTS.length;
const ROW_BYTES = PALETTE_WIDTH * 4;

/** Name of the image that holds the palette in the file of a generated avatar. */
const PALETTE_NAME = 'palette';

/** Whether a texture is the palette of a default avatar, and not a picture. */
export function isPalette(texture: Texture | null | undefined): texture is Texture {
  const image = texture?.image as { width?: number; height?: number } | undefined;
  return texture?.name === PALETTE_NAME && image?.width === PALETTE_WIDTH && image.height === 1;
}

/**
 * The colours of everyone who wears one model: a row of texels each, empty (alpha 0) for the model's own colours.
 * Uploaded only when colours change. Allocates only when it grows.
 */
export class PaletteRows {
  private texels = new Uint8Array(0);
  private textureNow = createTexture(this.texels, 0);
  private hasChanged = false;

  get texture(): DataTexture {
    return this.textureNow;
  }

  /** Makes room for rows below `capacity`; replaces the texture. */
  reserve(capacity: number): void {
    if (capacity * ROW_BYTES <= this.texels.length) return;
    const before = this.texels;
    this.texels = new Uint8Array(capacity * ROW_BYTES);
    this.texels.set(before);
    this.textureNow.dispose();
    this.textureNow = createTexture(this.texels, capacity);
    this.hasChanged = true;
  }

  /** Gives a row {@link PALETTE_WIDTH} texels of RGBA bytes, sRGB; null gives it back the model's own colours. */
  set(row: number, palette: Uint8Array | null): void {
    const at = row * ROW_BYTES;
    if (palette) this.texels.set(palette, at);
    else this.texels.fill(0, at, at + ROW_BYTES);
    this.hasChanged = true;
  }

  /** Marks changes for upload. */
  update(): void {
    if (!this.hasChanged) return;
    this.textureNow.needsUpdate = true;
    this.hasChanged = false;
  }

  dispose(): void {
    this.textureNow.dispose();
  }
}

function createTexture(texels: Uint8Array, rows: number): DataTexture {
  const texture = new DataTexture(texels as Uint8Array<ArrayBuffer>, PALETTE_WIDTH, rows, RGBAFormat, UnsignedByteType);
  texture.colorSpace = SRGBColorSpace;
  texture.minFilter = NearestFilter;
  texture.magFilter = NearestFilter;
  return texture;
}

import { readGlb } from '@/lib/avatarFile/gltf/glb';
import { PALETTE_SLOTS, paletteTexels } from '@/lib/core/avatarPalette';
import type { DefaultAvatarRef } from '@/lib/core/avatarRef';
import { DEFAULT_LOOKS, paletteOf } from '@/lib/core/avatarSwatches';
import { packGlb } from './glb';

/** The parts of a default avatar's description that hold its colours. */
interface PaletteDescription {
  readonly images: ReadonlyArray<{ readonly name: string; readonly bufferView: number }>;
  readonly bufferViews: readonly object[];
}

/** Makes a PNG of a picture, 4 bytes RGBA a pixel. */
export type EncodePng = (width: number, height: number, texels: Uint8Array) => Uint8Array | Promise<Uint8Array>;

/** The file of a default avatar in the colours that were chosen. */
export async function recolouredAvatar(
  file: Uint8Array,
  { key, colours }: DefaultAvatarRef,
  encodePng: EncodePng,
): Promise<Uint8Array> {
  if (Object.keys(colours).length === 0) return file;
  const { json, bin } = readGlb(file);
  const description = json as PaletteDescription;
  const palette = paletteTexels(paletteOf(key, { ...DEFAULT_LOOKS[key], ...colours }));
  const png = await encodePng(PALETTE_SLOTS.length, 1, palette);
  const view = { buffer: 0, byteOffset: bin.length, byteLength: png.length };
  const images = description.images.map((image) => {
    return image.name === 'palette' ? { ...image, bufferView: description.bufferViews.length } : image;
  });
  const buffers = [{ byteLength: bin.length + png.length }];
  return packGlb({ ...description, images, bufferViews: [...description.bufferViews, view], buffers }, [bin, png]);
}

import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readGlb } from '@/lib/avatarFile/gltf/glb';
import { PALETTE_SLOTS, paletteTexels } from '@/lib/core/avatarPalette';
import { customAvatarUrl, type DefaultAvatarRef, nearestAvatarRef } from '@/lib/core/avatarRef';
import { DEFAULT_LOOKS, paletteOf } from '@/lib/core/avatarSwatches';
import { avatarModelUrl, DEFAULT_AVATAR } from '@/lib/core/avatars';
import { packGlb } from '@/lib/export/glb';
import { encodePng } from '@/tools/avatars/glb/png';
import { UsageError } from '@/tools/command/command';

/** The parts of a default avatar's description that hold its colours. */
interface PaletteDescription {
  readonly images: ReadonlyArray<{ readonly name: string; readonly bufferView: number }>;
  readonly bufferViews: readonly object[];
}

/** The file of a default avatar in chosen colours. */
function recoloured(file: Uint8Array, { key, colours }: DefaultAvatarRef): Uint8Array {
  if (Object.keys(colours).length === 0) return file;
  const { json, bin } = readGlb(file);
  const description = json as PaletteDescription;
  const palette = paletteTexels(paletteOf(key, { ...DEFAULT_LOOKS[key], ...colours }));
  const png = encodePng(PALETTE_SLOTS.length, 1, palette);
  const view = { buffer: 0, byteOffset: bin.length, byteLength: png.length };
  const images = description.images.map((image) => {
    return image.name === 'palette' ? { ...image, bufferView: description.bufferViews.length } : image;
  });
  const buffers = [{ byteLength: bin.length + png.length }];
  return packGlb({ ...description, images, bufferViews: [...description.bufferViews, view], buffers }, [bin, png]);
}

const PUBLIC = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'public');

/**
 * Finds the files of avatars for a recording at `path`, a file or an address: default ones here, in the colours that were chosen, custom
 * ones at the recording's site. With `avatarPath`, it is that file instead. They throw UsageError.
 */
export function avatarLoader(path: string, avatarPath: string | null): (avatar: string) => Promise<Uint8Array> {
  return async (avatar) => {
    if (avatarPath !== null) return readAvatar(avatarPath);
    const ref = nearestAvatarRef(avatar);
    if (!ref) return readAvatar(join(PUBLIC, avatarModelUrl(DEFAULT_AVATAR)));
    if (ref.kind === 'default') return recoloured(await readAvatar(join(PUBLIC, avatarModelUrl(ref.key))), ref);
    if (!/^https?:/.test(path))
      throw new UsageError('The person wears an avatar of their own. Name its file with --avatar.');
    return fetchAvatar(new URL(customAvatarUrl(ref), path));
  };
}

async function readAvatar(path: string): Promise<Uint8Array> {
  const bytes = await readFile(path).catch(() => {
    throw new UsageError(`${path} cannot be read. Name the file of an avatar with --avatar.`);
  });
  return new Uint8Array(bytes);
}

async function fetchAvatar(url: URL): Promise<Uint8Array> {
  const response = await fetch(url).catch(() => null);
  if (!response?.ok) throw new UsageError(`${url} has no avatar any more. Name its file with --avatar.`);
  return new Uint8Array(await response.arrayBuffer());
}

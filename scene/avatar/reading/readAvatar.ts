import type { AvatarFileReason } from '@/lib/avatarFile/avatarFileError';
import { AvatarFileError } from '@/lib/avatarFile/avatarFileError';
import type { AvatarData } from '@/lib/avatarFile/decode/avatarData';
import { decodeAvatar } from '@/lib/avatarFile/decode/decodeAvatar';
import { type DrawPicture, drawPicture } from './drawPicture';

/** An avatar that has been read: its numbers, and its picture ready for the GPU. */
export interface ReadAvatar {
  readonly data: AvatarData;
  readonly bitmap: ImageBitmap | null;
}

/** How reading ends: what was read, or why it couldn't be. Travels from thread to thread. */
export type ReadOutcome =
  | { readonly kind: 'read'; readonly avatar: ReadAvatar }
  | { readonly kind: 'refused'; readonly reason: AvatarFileReason; readonly message: string; readonly detail: string };

/** Reads an avatar's file, on whatever thread this is. Never rejects. */
export async function readAvatar(bytes: Uint8Array, draw: DrawPicture = drawPicture): Promise<ReadOutcome> {
  try {
    const data = decodeAvatar(bytes);
    const bitmap = data.picture && (await draw(data.picture));
    // The picture's bytes have done their part: they need not travel.
    return { kind: 'read', avatar: { data: { ...data, picture: data.picture && withoutBytes(data.picture) }, bitmap } };
  } catch (error) {
    if (error instanceof AvatarFileError) {
      return { kind: 'refused', reason: error.reason, message: error.message, detail: error.detail };
    }
    // A picture that begins well and isn't one.
    return { kind: 'refused', reason: 'image', message: AvatarFileError.image('pixels').message, detail: 'pixels' };
  }
}

const NO_BYTES = new Uint8Array(0);

function withoutBytes(picture: NonNullable<AvatarData['picture']>): NonNullable<AvatarData['picture']> {
  if (picture.kind === 'atlas') return { ...picture, cells: [] };
  return { ...picture, image: { ...picture.image, bytes: NO_BYTES } };
}

/** All memory of what was read that can change threads without being copied. */
export function transferablesOf({ data, bitmap }: ReadAvatar): Transferable[] {
  const arrays = data.meshes.flatMap(({ positions, normals, uvs, colors, joints, weights, levels, morphs }) => [
    ...[positions, normals, uvs, colors, joints, weights].filter((array) => array !== null),
    ...levels,
    ...morphs.map(({ offsets }) => offsets),
  ]);
  const buffers = new Set<Transferable>(arrays.map(({ buffer }) => buffer));
  return bitmap ? [...buffers, bitmap] : [...buffers];
}

import type { AvatarFileReason } from '@/lib/avatarFile/avatarFileError';
import { AvatarFileError } from '@/lib/avatarFile/avatarFileError';
import type { AvatarData } from '@/lib/avatarFile/decode/avatarData';
import { decodeAvatar } from '@/lib/avatarFile/decode/decodeAvatar';
import { type DrawPicture, drawPicture } from './drawPicture';

/** An avatar that has been read: its data, and its picture ready for the GPU. */
export interface ReadAvatar {
  readonly data: AvatarData;
  readonly bitmap: ImageBitmap | null;
}

/** The outcome of reading: the avatar, or why it was refused. Can be posted between threads. */
export type ReadOutcome =
  | { readonly kind: 'read'; readonly avatar: ReadAvatar }
  | { readonly kind: 'refused'; readonly reason: AvatarFileReason; readonly message: string; readonly detail: string };

/** Reads an avatar's file on the calling thread. Never rejects. */
export async function readAvatar(bytes: Uint8Array, draw: DrawPicture = drawPicture): Promise<ReadOutcome> {
  try {
    const data = decodeAvatar(bytes);
    const bitmap = data.picture && (await draw(data.picture));
    // The picture's bytes are no longer needed and need not be posted.
    return { kind: 'read', avatar: { data: { ...data, picture: data.picture && withoutBytes(data.picture) }, bitmap } };
  } catch (error) {
    if (error instanceof AvatarFileError) {
      return { kind: 'refused', reason: error.reason, message: error.message, detail: error.detail };
    }
    // A file that starts like a picture and is none.
    return { kind: 'refused', reason: 'image', message: AvatarFileError.image('pixels').message, detail: 'pixels' };
  }
}

const NO_BYTES = new Uint8Array(0);

function withoutBytes(picture: NonNullable<AvatarData['picture']>): NonNullable<AvatarData['picture']> {
  if (picture.kind === 'atlas') return { ...picture, cells: [] };
  return { ...picture, image: { ...picture.image, bytes: NO_BYTES } };
}

/** All buffers of a read avatar that can be transferred between threads without a copy. */
export function transferablesOf({ data, bitmap }: ReadAvatar): Transferable[] {
  const arrays = data.meshes.flatMap(({ positions, normals, uvs, colors, joints, weights, levels, morphs }) => [
    ...[positions, normals, uvs, colors, joints, weights].filter((array) => array !== null),
    ...levels,
    ...morphs.map(({ offsets }) => offsets),
  ]);
  const buffers = new Set<Transferable>(arrays.map(({ buffer }) => buffer));
  return bitmap ? [...buffers, bitmap] : [...buffers];
}

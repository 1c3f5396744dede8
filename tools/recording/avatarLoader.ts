import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { customAvatarUrl, nearestAvatarRef } from '@/lib/core/avatarRef';
import { avatarModelUrl, DEFAULT_AVATAR } from '@/lib/core/avatars';
import { recolouredAvatar } from '@/lib/export/recolouredAvatar';
import { encodePng } from '@/tools/avatars/glb/png';
import { UsageError } from '@/tools/command/command';

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
    if (ref.kind === 'default')
      return recolouredAvatar(await readAvatar(join(PUBLIC, avatarModelUrl(ref.key))), ref, encodePng);
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

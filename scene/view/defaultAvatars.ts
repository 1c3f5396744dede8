import { ownAvatarUrl, parseAvatarRef } from '@/lib/core/avatarRef';
import { avatarModelUrl, DEFAULT_AVATAR } from '@/lib/core/avatars';
import { AvatarCache } from '@/scene/avatar/avatarCache';
import { loadAvatar } from '@/scene/avatar/parseAvatar';

function urlOf(avatar: string): string {
  const ref = parseAvatarRef(avatar);
  if (ref?.kind === 'own') return ownAvatarUrl(ref);
  return avatarModelUrl(ref?.key ?? DEFAULT_AVATAR);
}

/** Avatars by reference, shared by every canvas of the page, so that the lobby's avatar is ready for the meeting. */
export const defaultAvatars = new AvatarCache((avatar) => loadAvatar(urlOf(avatar)));

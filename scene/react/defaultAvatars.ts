import { customAvatarUrl, parseAvatarRef } from '@/lib/core/avatarRef';
import { type AvatarKey, avatarCoarseModelUrl, avatarModelUrl, DEFAULT_AVATAR } from '@/lib/core/avatars';
import { AvatarCache } from '@/scene/avatar/avatarCache';
import { loadAvatar } from '@/scene/avatar/loadAvatar';

/** The default avatar of a reference; for a custom avatar, the one that stands in until it is loaded. */
function defaultOf(avatar: string): AvatarKey {
  const ref = parseAvatarRef(avatar);
  return ref?.kind === 'default' ? ref.key : DEFAULT_AVATAR;
}

function urlOf(avatar: string): string {
  const ref = parseAvatarRef(avatar);
  return ref?.kind === 'custom' ? customAvatarUrl(ref) : avatarModelUrl(defaultOf(avatar));
}

/** Only the coarsest level of each default avatar: a fifth of the file, with the same bones and morphs. */
export const coarseAvatars = new AvatarCache((avatar) => loadAvatar(avatarCoarseModelUrl(defaultOf(avatar))));

/**
 * Avatars by reference, shared by all canvases of the page, so that the lobby's avatar is ready for the meeting. Whole
 * files wait for coarse ones that were asked for.
 */
export const defaultAvatars = new AvatarCache(async (avatar) => {
  await coarseAvatars.settled(avatar);
  return loadAvatar(urlOf(avatar));
});

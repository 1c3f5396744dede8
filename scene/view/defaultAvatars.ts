import { type AvatarKey, avatarCoarseModelUrl, avatarModelUrl, DEFAULT_AVATAR, isAvatarKey } from '@/lib/core/avatars';
import { AvatarCache } from '@/scene/avatar/avatarCache';
import { loadAvatar } from '@/scene/avatar/parseAvatar';

const known = (key: string): AvatarKey => (isAvatarKey(key) ? key : DEFAULT_AVATAR);

/** The coarsest level of each alone: a fifth of the file, with the same bones and morphs. */
export const coarseAvatars = new AvatarCache((key) => loadAvatar(avatarCoarseModelUrl(known(key))));

/**
 * The default avatars, shared by every canvas of the page, so that the lobby's avatar is ready for the meeting. Whole
 * files leave the line to coarse ones that have been asked for.
 */
export const defaultAvatars = new AvatarCache(async (key) => {
  await coarseAvatars.settled(key);
  return loadAvatar(avatarModelUrl(known(key)));
});

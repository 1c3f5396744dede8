import { AVATAR_KEYS, avatarCoarseModelUrl, DEFAULT_AVATAR, isAvatarKey } from '@/lib/core/avatars';
import { AvatarCache } from '@/scene/avatar/avatarCache';
import { loadAvatar } from '@/scene/avatar/parseAvatar';

/** The coarsest level of each default avatar, for pictures a thumb wide. */
export const coarseAvatars = new AvatarCache(
  (key) => loadAvatar(avatarCoarseModelUrl(isAvatarKey(key) ? key : DEFAULT_AVATAR)),
  AVATAR_KEYS.length,
);

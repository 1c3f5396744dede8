import { avatarModelUrl, DEFAULT_AVATAR, isAvatarKey } from '@/lib/core/avatars';
import { AvatarCache } from '@/scene/avatar/avatarCache';
import { loadAvatar } from '@/scene/avatar/parseAvatar';

/** The default avatars, shared by every canvas of the page, so that the lobby's avatar is ready for the meeting. */
export const defaultAvatars = new AvatarCache((key) =>
  loadAvatar(avatarModelUrl(isAvatarKey(key) ? key : DEFAULT_AVATAR)),
);

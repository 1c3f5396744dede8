import { cleanAvatarRef } from '@/lib/core/avatarRef';
import { DEFAULT_AVATAR } from '@/lib/core/avatars';
import { cleanDisplayName } from '@/lib/core/displayName';
import type { Appearance, MeetingRole } from '@/lib/core/meeting';
import { MeetingError } from './meetingError';

function checkName(name: string): string {
  const clean = cleanDisplayName(name);
  if (clean !== '') return clean;
  throw MeetingError.badInput('name: a participant needs a name with at least one visible letter.');
}

function checkAvatar(avatar: string): string {
  const worn = cleanAvatarRef(avatar);
  if (worn !== null) return worn;
  throw MeetingError.badInput('avatar: there is no avatar of this name, or not in these colours.');
}

/**
 * A name that is safe to show and an avatar that exists. A spectator is not shown and needs neither.
 * @throws MeetingError `badInput`
 */
export function checkAppearance(role: MeetingRole, name = '', avatar: string = DEFAULT_AVATAR): Appearance {
  return { name: role === 'participant' ? checkName(name) : cleanDisplayName(name), avatar: checkAvatar(avatar) };
}

/** The same for a change of name or avatar. @throws MeetingError `badInput`, also if nothing changes */
export function checkChange({ name, avatar }: Partial<Appearance>): Partial<Appearance> {
  if (name === undefined && avatar === undefined)
    throw MeetingError.badInput('Say what to change: name, avatar or both.');
  return {
    ...(name !== undefined && { name: checkName(name) }),
    ...(avatar !== undefined && { avatar: checkAvatar(avatar) }),
  };
}

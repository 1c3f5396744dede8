import { cleanAvatarRef } from '@/lib/core/avatarRef';
import { DEFAULT_AVATAR } from '@/lib/core/avatars';
import { cleanDisplayName } from '@/lib/core/displayName';
import type { MeetingRole } from '@/lib/core/meeting';
import { MeetingError } from '@/server/services/meetingError';

/** How somebody wishes to be seen. */
export interface Appearance {
  readonly name: string;
  /** A reference as `parseAvatarRef` reads it. */
  readonly avatar: string;
}

/**
 * A name that is safe to show and an avatar there is. A spectator, whom nobody sees, needs neither.
 * @throws MeetingError `badInput`
 */
export function checkAppearance(role: MeetingRole, name = '', avatar: string = DEFAULT_AVATAR): Appearance {
  const clean = cleanDisplayName(name);
  if (role === 'participant' && clean === '') {
    throw MeetingError.badInput('name: a name with at least one visible letter is needed to take a seat.');
  }
  const worn = cleanAvatarRef(avatar);
  if (worn === null) throw MeetingError.badInput('avatar: there is no avatar of this name, or not in these colours.');
  return { name: clean, avatar: worn };
}

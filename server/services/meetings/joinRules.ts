import { cleanAvatarRef } from '@/lib/core/avatarRef';
import { DEFAULT_AVATAR } from '@/lib/core/avatars';
import { cleanDisplayName } from '@/lib/core/displayName';
import type { Appearance, MeetingRole } from '@/lib/core/meeting';
import type { RecordingConsent, RecordingStart } from '@/lib/core/recording';
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

/** What the operator has set: whether meetings may be recorded or all are, and how those are that say nothing of it. */
export interface RecordingDefaults {
  readonly mode: 'off' | 'on' | 'always';
  readonly consent: RecordingConsent;
}

/** How a new meeting wants to be recorded; the operator's settings by default. */
export interface RecordingWishes {
  readonly recordingStart?: RecordingStart;
  readonly recordingConsent?: RecordingConsent;
}

/** How a new meeting is recorded. @throws MeetingError `forbidden` if recordings are off and it wants one */
export function recordingFor(wishes: RecordingWishes, { mode, consent }: RecordingDefaults): Required<RecordingWishes> {
  const { recordingStart = 'byHost', recordingConsent = consent } = wishes;
  if (mode === 'off' && recordingStart === 'always') throw MeetingError.recordingOff();
  return { recordingStart: mode === 'always' ? 'always' : recordingStart, recordingConsent };
}

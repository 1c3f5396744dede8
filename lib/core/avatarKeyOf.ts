import { type AvatarKey, isAvatarKey } from './avatars';

const FORM = /^(?:own:[0-9a-f]{64}|([a-z]+)(?::[a-z=,]+)?)$/;

/** The default avatar that a reference names, 'own' for a custom avatar, null if it is no reference. Ignores colours. */
export function avatarKeyOf(text: string): AvatarKey | 'own' | null {
  const form = FORM.exec(text);
  if (!form) return null;
  const [, key] = form;
  if (key === undefined) return 'own';
  return isAvatarKey(key) ? key : null;
}

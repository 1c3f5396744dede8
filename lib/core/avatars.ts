/** The default avatars, by key. Each is `/models/<key>.vrm`, made by `npm run avatars`. */
export const AVATAR_KEYS = ['ada', 'bo', 'cleo', 'dayo', 'emi', 'farah', 'gus', 'hari'] as const;

export type AvatarKey = (typeof AVATAR_KEYS)[number];

export const DEFAULT_AVATAR: AvatarKey = 'ada';

/** Whether `key` names a default avatar. */
export function isAvatarKey(key: string): key is AvatarKey {
  return (AVATAR_KEYS as readonly string[]).includes(key);
}

/** Address of an avatar's model, from the site's root. */
export function avatarModelUrl(key: AvatarKey): string {
  return `/models/${key}.vrm`;
}

/** Address of an avatar's coarse level: a whole VRM with the same bones and morphs, small enough to load first. */
export function avatarCoarseModelUrl(key: AvatarKey): string {
  return `/models/${key}-lod2.vrm`;
}

const FORM = /^(?:own:[0-9a-f]{64}|([a-z]+)(?::[a-z=,]+)?)$/;

/** The default avatar that a reference names, 'custom' for a custom one, null if it is no reference. Ignores colours. */
export function avatarKeyOf(text: string): AvatarKey | 'custom' | null {
  const form = FORM.exec(text);
  if (!form) return null;
  const [, key] = form;
  if (key === undefined) return 'custom';
  return isAvatarKey(key) ? key : null;
}

import { cleanAvatarRef, parseAvatarRef } from '@/lib/core/avatarRef';
import { AVATAR_KEYS, type AvatarKey } from '@/lib/core/avatars';
import { readStored, writeStored } from './storage';

const KEY = 'parley.wardrobe';

/** How each default avatar was dressed last, as a reference; those never touched are left out. */
export type Wardrobe = Readonly<Partial<Record<AvatarKey, string>>>;

function isOf(key: AvatarKey, text: unknown): text is string {
  const ref = typeof text === 'string' ? parseAvatarRef(text) : null;
  return ref?.kind === 'default' && ref.key === key;
}

/** Reads what was kept, whatever a storage holds. */
export function parseWardrobe(stored: unknown): Wardrobe {
  const kept = (stored ?? {}) as Record<string, unknown>;
  const wardrobe: Partial<Record<AvatarKey, string>> = {};
  for (const key of AVATAR_KEYS) {
    const text = kept[key];
    if (isOf(key, text)) wardrobe[key] = cleanAvatarRef(text)!;
  }
  return wardrobe;
}

export function recallWardrobe(): Wardrobe {
  return parseWardrobe(readStored(KEY));
}

export function rememberWardrobe(wardrobe: Wardrobe): void {
  writeStored(KEY, wardrobe);
}

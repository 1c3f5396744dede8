import { avatarKeyOf } from '@/lib/core/avatarKeyOf';
import { AVATAR_KEYS, type AvatarKey } from '@/lib/core/avatars';
import { readStored, writeStored } from './storage';

const KEY = 'parley.wardrobe';

/** How each default avatar was dressed last, as a reference; those never touched are left out. */
export type Wardrobe = Readonly<Partial<Record<AvatarKey, string>>>;

/** Reads what was kept, whatever a storage holds. */
export function parseWardrobe(stored: unknown): Wardrobe {
  const kept = (stored ?? {}) as Record<string, unknown>;
  const wardrobe: Partial<Record<AvatarKey, string>> = {};
  for (const key of AVATAR_KEYS) {
    const text = kept[key];
    if (typeof text === 'string' && avatarKeyOf(text) === key) wardrobe[key] = text;
  }
  return wardrobe;
}

export function recallWardrobe(): Wardrobe {
  return parseWardrobe(readStored(KEY));
}

export function rememberWardrobe(wardrobe: Wardrobe): void {
  writeStored(KEY, wardrobe);
}

import { AVATAR_KEYS, type AvatarKey, avatarKeyOf } from '@/lib/core/avatars';
import { readStored, writeStored } from './storage';

const KEY = 'parley.wardrobe';

/** The last colours of each default avatar, as a reference; avatars never coloured are left out. */
export type Wardrobe = Readonly<Partial<Record<AvatarKey, string>>>;

/** Reads what was remembered, whatever the storage holds. */
function parseWardrobe(stored: unknown): Wardrobe {
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

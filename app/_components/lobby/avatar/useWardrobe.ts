'use client';

import { useMemo, useState } from 'react';
import type { Wardrobe } from '@/app/_memory/wardrobeMemory';
import { avatarKeyOf } from '@/lib/core/avatarKeyOf';
import { AVATAR_KEYS } from '@/lib/core/avatars';

/** Where it is kept how people were dressed in meetings before. */
export interface WardrobeMemory {
  recallWardrobe(): Wardrobe;
  rememberWardrobe(wardrobe: Wardrobe): void;
}

/**
 * How everybody one may be is dressed: as last left, also in meetings before once `memory` is there. `worn` is the
 * reference of now.
 */
export function useWardrobe(worn: string, memory: WardrobeMemory | null) {
  const [changed, setChanged] = useState<Wardrobe>({});
  const kept = useMemo(() => ({ ...memory?.recallWardrobe(), ...changed }), [memory, changed]);
  const chosen = avatarKeyOf(worn);
  const people = useMemo(
    () => AVATAR_KEYS.map((key) => (key === chosen ? worn : (kept[key] ?? key))),
    [kept, chosen, worn],
  );
  /** Keeps how the one worn now is dressed, before another is put on. */
  const keep = (avatar: string) => {
    const key = avatarKeyOf(avatar);
    if (!key || key === 'own') return;
    setChanged({ ...changed, [key]: avatar });
    memory?.rememberWardrobe({ ...kept, [key]: avatar });
  };
  return { chosen, people, keep };
}

'use client';

import { useMemo, useState } from 'react';
import { recallWardrobe, rememberWardrobe, type Wardrobe } from '@/app/_memory/wardrobeMemory';
import { avatarKeyOf } from '@/lib/core/avatarKeyOf';
import { AVATAR_KEYS } from '@/lib/core/avatars';

/** How everybody one may be is dressed: as last left, also in meetings before. `worn` is the reference of now. */
export function useWardrobe(worn: string) {
  const [kept, setKept] = useState<Wardrobe>(recallWardrobe);
  const chosen = avatarKeyOf(worn);
  const people = useMemo(
    () => AVATAR_KEYS.map((key) => (key === chosen ? worn : (kept[key] ?? key))),
    [kept, chosen, worn],
  );
  /** Keeps how the one worn now is dressed, before another is put on. */
  const keep = (avatar: string) => {
    const key = avatarKeyOf(avatar);
    if (!key || key === 'own') return;
    const next = { ...kept, [key]: avatar };
    setKept(next);
    rememberWardrobe(next);
  };
  return { chosen, people, keep };
}

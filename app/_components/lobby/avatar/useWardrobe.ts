'use client';

import { useMemo, useState } from 'react';
import { recallWardrobe, rememberWardrobe, type Wardrobe } from '@/app/_memory/wardrobeMemory';
import { type DefaultAvatarRef, formatAvatarRef } from '@/lib/core/avatarRef';
import { AVATAR_KEYS } from '@/lib/core/avatars';

/** How everybody one may be is dressed: as last left, also in meetings before. */
export function useWardrobe(chosen: DefaultAvatarRef | null) {
  const [kept, setKept] = useState<Wardrobe>(recallWardrobe);
  const worn = chosen && formatAvatarRef(chosen);
  const chosenKey = chosen?.key;
  const people = useMemo(
    () => AVATAR_KEYS.map((key) => (key === chosenKey && worn) || kept[key] || key),
    [kept, chosenKey, worn],
  );
  const keep = (ref: DefaultAvatarRef) => {
    const next = { ...kept, [ref.key]: formatAvatarRef(ref) };
    setKept(next);
    rememberWardrobe(next);
  };
  /** A reference for each of `AVATAR_KEYS`, in that order. */
  return { people, keep };
}

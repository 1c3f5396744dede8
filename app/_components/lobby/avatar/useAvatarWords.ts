'use client';

import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { DefaultAvatarRef } from '@/lib/core/avatarRef';
import { COLOUR_SLOTS, lookOf } from './avatarChoice';
import { swatchLabel } from './swatchLabel';

/** Says an avatar and its colours in a sentence, for those who don't see it. */
export function useAvatarWords(): (avatar: DefaultAvatarRef) => string {
  const translator = useTranslator();
  const { t } = translator;
  return (avatar) => {
    const look = lookOf(avatar);
    const [skin, hair, clothes] = COLOUR_SLOTS.map((slot) => swatchLabel(translator, slot, look[slot]));
    return t('lobby.surpriseIs', { name: t(`avatar.${avatar.key}`), skin: skin!, hair: hair!, clothes: clothes! });
  };
}

'use client';

import { useTranslator } from '@/app/_i18n/I18nProvider';
import { formatAvatarRef, nearestAvatarRef } from '@/lib/core/avatarRef';
import { HAIR_COVERED } from '@/lib/core/avatarSwatches';
import { Icon } from '../../icons/Icon';
import styles from './AvatarColours.module.css';
import { COLOUR_SLOTS, lookOf, recoloured, swatchesOf } from './avatarChoice';
import { SwatchRow } from './SwatchRow';

interface AvatarColoursProps {
  /** A reference as `nearestAvatarRef` reads it. */
  readonly avatar: string;
  onChange(avatar: string): void;
}

/** The colours of an avatar: skin, hair and clothes, and the way back to its own. */
export function AvatarColours({ avatar: text, onChange }: AvatarColoursProps) {
  const { t } = useTranslator();
  const avatar = nearestAvatarRef(text);
  if (avatar?.kind !== 'default') return null;
  const look = lookOf(avatar);
  const swatches = swatchesOf(avatar.key);
  const isAsItComes = Object.keys(avatar.colours).length === 0;
  const title = { skin: 'lobby.skin', hair: 'lobby.hair', clothes: 'lobby.clothes' } as const;
  const titleOf = (slot: (typeof COLOUR_SLOTS)[number]) =>
    t(slot === 'hair' && HAIR_COVERED.has(avatar.key) ? 'lobby.brows' : title[slot]);
  return (
    <div className={styles.colours}>
      {COLOUR_SLOTS.map((slot) => (
        <SwatchRow
          key={slot}
          slot={slot}
          title={titleOf(slot)}
          swatches={swatches[slot]}
          chosen={look[slot]}
          onPick={(name) => onChange(formatAvatarRef(recoloured(avatar, slot, name)))}
        />
      ))}
      <button type="button" className={styles.reset} disabled={isAsItComes} onClick={() => onChange(avatar.key)}>
        <Icon name="reset" sizePx={20} />
        {t('lobby.ownColours', { name: t(`avatar.${avatar.key}`) })}
      </button>
    </div>
  );
}

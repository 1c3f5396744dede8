'use client';

import { useTranslator } from '@/app/_i18n/I18nProvider';
import { AVATAR_KEYS, type AvatarKey } from '@/lib/core/avatars';
import { Portrait } from '../seats/Portrait';
import styles from './AvatarPicker.module.css';

/** The default avatars as portraits, one of them chosen. */
export function AvatarPicker({ avatar, onChange }: { avatar: AvatarKey; onChange(avatar: AvatarKey): void }) {
  const { t } = useTranslator();
  return (
    <fieldset className={styles.picker}>
      <legend className={styles.legend}>{t('lobby.avatar')}</legend>
      {AVATAR_KEYS.map((key) => (
        <label key={key} className={styles.choice}>
          <input
            className="coveringInput"
            type="radio"
            name="avatar"
            value={key}
            checked={key === avatar}
            onChange={() => onChange(key)}
          />
          <span className={styles.portrait}>
            <Portrait avatar={key} />
          </span>
          <span className={styles.name}>{t(`avatar.${key}`)}</span>
        </label>
      ))}
    </fieldset>
  );
}

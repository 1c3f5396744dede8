'use client';

import { useState } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import { formatAvatarRef, parseAvatarRef } from '@/lib/core/avatarRef';
import { Icon } from '../../icons/Icon';
import styles from './AvatarPicker.module.css';
import { surpriseAvatar } from './avatarChoice';
import { useAvatarWords } from './useAvatarWords';

/** Makes one somebody else, and says whom. */
export function SurpriseButton({ avatar, onChange }: { avatar: string; onChange(avatar: string): void }) {
  const { t } = useTranslator();
  const words = useAvatarWords();
  const [surprise, setSurprise] = useState('');
  const before = parseAvatarRef(avatar);
  return (
    <>
      <button
        type="button"
        className={styles.surprise}
        onClick={() => {
          const next = surpriseAvatar(before?.kind === 'default' ? before.key : null, Math.random);
          setSurprise(words(next));
          onChange(formatAvatarRef(next));
        }}
      >
        <Icon name="surprise" sizePx={20} />
        {t('lobby.surprise')}
      </button>
      <p className="visuallyHidden" role="status">
        {surprise}
      </p>
    </>
  );
}

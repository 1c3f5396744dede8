'use client';

import { type ReactNode, useState } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import { type DefaultAvatarRef, formatAvatarRef, parseAvatarRef } from '@/lib/core/avatarRef';
import { Icon } from '../../icons/Icon';
import { Segment, Segments } from '../Segments';
import { AvatarColours } from './AvatarColours';
import { AvatarPeople } from './AvatarPeople';
import styles from './AvatarPicker.module.css';
import { surpriseAvatar } from './avatarChoice';
import { useAvatarWords } from './useAvatarWords';
import { useWardrobe } from './useWardrobe';

interface AvatarPickerProps {
  /** What is worn now, a reference as `parseAvatarRef` reads it. */
  readonly avatar: string;
  onChange(avatar: string): void;
  /** Whether people may be drawn live: what is more urgent has been drawn. */
  readonly mayDraw: boolean;
  /** Where somebody brings an avatar of their own; without, there is no such way. */
  readonly own?: ReactNode;
}

/** Who one is: one of the default avatars in colours of one's choice, or an avatar of one's own. */
export function AvatarPicker({ avatar, onChange, mayDraw, own }: AvatarPickerProps) {
  const { t } = useTranslator();
  const words = useAvatarWords();
  const ref = parseAvatarRef(avatar);
  const chosen = ref?.kind === 'default' ? ref : null;
  const [ownWanted, setOwnWanted] = useState(ref?.kind === 'own');
  const [surprise, setSurprise] = useState('');
  const { people, keep } = useWardrobe(chosen);
  const wear = (next: DefaultAvatarRef) => {
    keep(next);
    setSurprise('');
    onChange(formatAvatarRef(next));
  };
  const choose = (next: string) => {
    if (chosen) keep(chosen);
    setSurprise('');
    onChange(next);
  };
  const beSurprised = () => {
    const next = surpriseAvatar(chosen?.key ?? null, Math.random);
    wear(next);
    setSurprise(words(next));
  };
  const showsOwn = own !== undefined && ownWanted;
  return (
    <fieldset className={styles.picker}>
      <legend className={styles.legend}>{t('lobby.avatar')}</legend>
      {!showsOwn && (
        <button type="button" className={styles.surprise} onClick={beSurprised}>
          <Icon name="surprise" sizePx={20} />
          {t('lobby.surprise')}
        </button>
      )}
      <p className="visuallyHidden" role="status">
        {surprise}
      </p>
      {own !== undefined && (
        <div className={styles.ways}>
          <Segments>
            <Segment
              name="avatarWay"
              label={t('lobby.avatarPeople')}
              checked={!ownWanted}
              onPick={() => setOwnWanted(false)}
            />
            <Segment
              name="avatarWay"
              label={t('lobby.avatarOwn')}
              checked={ownWanted}
              onPick={() => setOwnWanted(true)}
            />
          </Segments>
        </div>
      )}
      {showsOwn ? (
        <div className={styles.whole}>{own}</div>
      ) : (
        <>
          <AvatarPeople people={people} chosen={chosen?.key ?? null} mayDraw={mayDraw} onChange={choose} />
          {chosen && <AvatarColours avatar={chosen} onChange={wear} />}
        </>
      )}
    </fieldset>
  );
}

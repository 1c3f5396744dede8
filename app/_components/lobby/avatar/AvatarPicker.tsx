'use client';

import { useState } from 'react';
import { useLater } from '@/app/_hooks/useLater';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import { AvatarPeople } from './AvatarPeople';
import styles from './AvatarPicker.module.css';
import { useWardrobe } from './useWardrobe';

interface AvatarPickerProps {
  /** What is worn now, a reference as `parseAvatarRef` reads it. */
  readonly avatar: string;
  onChange(avatar: string): void;
  /** Whether people may be drawn live: what is more urgent has been drawn. */
  readonly mayDraw: boolean;
}

// Without it one still chooses whom to be.
const loadDressing = () =>
  import('./dressing').then(
    (module) => module,
    () => null,
  );

/** Who one is: one of the default avatars in colours of one's choice, or an avatar of one's own. */
export function AvatarPicker({ avatar, onChange, mayDraw }: AvatarPickerProps) {
  const { t } = useTranslator();
  const dressing = useLater(loadDressing);
  const { chosen, people, keep } = useWardrobe(avatar, dressing);
  const [ownWanted, setOwnWanted] = useState(chosen === 'own');
  const wear = (next: string) => {
    keep(next);
    onChange(next);
  };
  const switchTo = (next: string) => {
    keep(avatar);
    onChange(next);
  };
  return (
    <fieldset className={styles.picker}>
      <legend className={styles.legend}>{t('lobby.avatar')}</legend>
      {dressing && !ownWanted && <dressing.SurpriseButton avatar={avatar} onChange={wear} />}
      {dressing && <dressing.AvatarWays isOwn={ownWanted} onPick={setOwnWanted} />}
      {ownWanted ? (
        <div className={styles.whole}>
          {dressing && <dressing.OwnAvatarLater avatar={avatar} onChange={onChange} />}
        </div>
      ) : (
        <>
          <AvatarPeople
            people={people}
            chosen={chosen}
            onChange={switchTo}
            live={(frames) => mayDraw && dressing && <dressing.LivePeople people={people} {...frames} />}
          />
          <div className={styles.colours}>{dressing && <dressing.AvatarColours avatar={avatar} onChange={wear} />}</div>
        </>
      )}
    </fieldset>
  );
}

'use client';

import { useTranslator } from '@/app/_i18n/I18nProvider';
import { Segment, Segments } from '../Segments';
import styles from './AvatarPicker.module.css';

interface AvatarWaysProps {
  readonly isOwn: boolean;
  onPick(isOwn: boolean): void;
}

/** One of the people there are, or an avatar of one's own. */
export function AvatarWays({ isOwn, onPick }: AvatarWaysProps) {
  const { t } = useTranslator();
  return (
    <div className={styles.whole}>
      <Segments>
        <Segment name="avatarWay" label={t('lobby.avatarPeople')} checked={!isOwn} onPick={() => onPick(false)} />
        <Segment name="avatarWay" label={t('lobby.avatarOwn')} checked={isOwn} onPick={() => onPick(true)} />
      </Segments>
    </div>
  );
}

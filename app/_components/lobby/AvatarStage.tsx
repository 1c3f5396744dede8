'use client';

import { useLater } from '@/app/_hooks/useLater';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { MotionSource } from '@/lib/motion/motionSource';
import { loadPictures } from '../ui/loadPictures';
import styles from './AvatarStage.module.css';

// Without its picture the stage still carries the name.
const loadPicture = () => {
  // What draws is by far the larger part: it comes beside what shows it, not after.
  loadPictures().catch(() => {});
  return import('./StagePicture').then(
    (module) => module.StagePicture,
    () => null,
  );
};

interface AvatarStageProps {
  /** A reference as `parseAvatarRef` reads it. */
  readonly avatar: string;
  readonly source?: MotionSource;
  readonly name: string;
  /** Called once the avatar has been drawn. */
  onDrawn(): void;
}

/** One's own avatar in late light, live and mirrored. */
export function AvatarStage({ avatar, source, name, onDrawn }: AvatarStageProps) {
  const { t } = useTranslator();
  const Picture = useLater(loadPicture);
  return (
    <section className={styles.stage} aria-label={t('lobby.stage')}>
      <div className={styles.sun} />
      {Picture && <Picture avatar={avatar} source={source} onDrawn={onDrawn} />}
      <p className={styles.plate} data-empty={name === '' || undefined}>
        {name}
      </p>
    </section>
  );
}

'use client';

import { useLater } from '@/app/_hooks/useLater';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { AvatarKey } from '@/lib/core/avatars';
import type { MotionSource } from '@/lib/motion/motionSource';
import styles from './AvatarStage.module.css';

// Without its picture the stage still carries the name.
const loadPicture = () =>
  import('./StagePicture').then(
    (module) => module.StagePicture,
    () => null,
  );

/** One's own avatar in late light, live and mirrored. */
export function AvatarStage({ avatar, source, name }: { avatar: AvatarKey; source?: MotionSource; name: string }) {
  const { t } = useTranslator();
  const Picture = useLater(loadPicture);
  return (
    <section className={styles.stage} aria-label={t('lobby.stage')}>
      <div className={styles.sun} />
      {Picture && <Picture avatar={avatar} source={source} />}
      <p className={styles.plate} data-empty={name === '' || undefined}>
        {name}
      </p>
    </section>
  );
}

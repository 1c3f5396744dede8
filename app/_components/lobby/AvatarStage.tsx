'use client';

import dynamic from 'next/dynamic';
import { useMediaQuery, useReducedMotion } from '@/app/_hooks/useMediaQuery';
import { useSupportsWebgl } from '@/app/_hooks/useSupportsWebgl';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { AvatarKey } from '@/lib/core/avatars';
import type { MotionSource } from '@/lib/motion/motionSource';
import { Portrait } from '../seats/Portrait';
import { SceneBoundary } from '../ui/SceneBoundary';
import styles from './AvatarStage.module.css';

const AvatarPreview = dynamic(() => import('@/scene/view/AvatarPreview').then((module) => module.AvatarPreview), {
  ssr: false,
});

function NoPreview({ avatar }: { avatar: AvatarKey }) {
  const { t } = useTranslator();
  return (
    <div className={styles.noPreview}>
      <div className={styles.portrait}>
        <Portrait avatar={avatar} />
      </div>
      <p>{t('lobby.noPreview')}</p>
    </div>
  );
}

/** One's own avatar in late light, live and mirrored. */
export function AvatarStage({ avatar, source, name }: { avatar: AvatarKey; source?: MotionSource; name: string }) {
  const { t } = useTranslator();
  const reducedMotion = useReducedMotion();
  const narrow = useMediaQuery('(max-width: 860px)');
  const drawn = useSupportsWebgl();
  return (
    <section className={styles.stage} aria-label={t('lobby.stage')}>
      <div className={styles.sun} />
      {drawn ? (
        <SceneBoundary fallback={<NoPreview avatar={avatar} />}>
          <div className={styles.preview}>
            <AvatarPreview
              avatar={avatar}
              source={source}
              mirrored
              framing={narrow ? 'bust' : 'portrait'}
              reducedMotion={reducedMotion}
            />
          </div>
        </SceneBoundary>
      ) : (
        <NoPreview avatar={avatar} />
      )}
      <p className={styles.plate} data-empty={name === '' || undefined}>
        {name}
      </p>
    </section>
  );
}

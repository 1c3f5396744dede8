'use client';

import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useReducedMotion } from '@/app/_hooks/useMediaQuery';
import { useSupportsWebgl } from '@/app/_hooks/useSupportsWebgl';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { MotionSource } from '@/lib/motion/motionSource';
import { Portrait } from '../seats/Portrait';
import { SceneBoundary } from '../ui/SceneBoundary';
import styles from './AvatarStage.module.css';

const AvatarPreview = dynamic(() => import('@/scene/view/AvatarPreview').then((module) => module.AvatarPreview), {
  ssr: false,
});

function NoPreview({ avatar }: { avatar: string }) {
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
  const reducedMotion = useReducedMotion();
  const supported = useSupportsWebgl();
  const [drawing, setDrawing] = useState<'waiting' | 'shown' | 'impossible'>('waiting');
  return (
    <section className={styles.stage} aria-label={t('lobby.stage')}>
      <div className={styles.sun} />
      {supported && drawing !== 'impossible' ? (
        <SceneBoundary fallback={<NoPreview avatar={avatar} />}>
          <div className={styles.preview} data-shown={drawing === 'shown' || undefined}>
            <AvatarPreview
              avatar={avatar}
              source={source}
              mirrored
              framing="bust"
              reducedMotion={reducedMotion}
              onReady={() => {
                setDrawing('shown');
                onDrawn();
              }}
              onUnsupported={() => setDrawing('impossible')}
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

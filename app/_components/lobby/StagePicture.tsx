'use client';

import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useReducedMotion } from '@/app/_hooks/useMediaQuery';
import { useSupportsWebgl } from '@/app/_hooks/useWebgl';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { MotionSource } from '@/lib/motion/motionSource';
import { Portrait } from '../seats/Portrait';
import { loadPictures } from '../ui/loadPictures';
import { SceneBoundary } from '../ui/SceneBoundary';
import styles from './AvatarStage.module.css';

const AvatarPreview = dynamic(() => loadPictures().then((module) => module.AvatarPreview), {
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

interface StagePictureProps {
  readonly avatar: string;
  readonly source?: MotionSource;
  /** Called when the avatar has been drawn. */
  onDrawn(): void;
}

/** The avatar in 3D, or its portrait where the browser can't draw it. */
export function StagePicture({ avatar, source, onDrawn }: StagePictureProps) {
  const reducedMotion = useReducedMotion();
  const supported = useSupportsWebgl();
  const [drawing, setDrawing] = useState<'waiting' | 'shown' | 'impossible'>('waiting');
  if (!supported || drawing === 'impossible') return <NoPreview avatar={avatar} />;
  return (
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
  );
}

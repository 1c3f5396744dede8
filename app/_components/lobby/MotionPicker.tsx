'use client';

import dynamic from 'next/dynamic';
import { useState } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import { recallWebcam, rememberWebcam } from '@/app/_memory/webcamMemory';
import { pageWebcam } from '@/app/_session/pageWebcam';
import type { MotionChoice } from '@/app/_session/sessionContract';
import { MotionFile } from './MotionFile';
import styles from './MotionPicker.module.css';
import { Segment, Segments } from './Segments';
import type { MotionPreview } from './usePreviewSource';

const CameraPicker = dynamic(() => import('../camera/CameraPicker').then((module) => module.CameraPicker), {
  ssr: false,
});

interface MotionPickerProps {
  readonly motion: MotionChoice;
  readonly preview: MotionPreview;
  onChange(motion: MotionChoice): void;
}

type Way = 'idle' | 'camera' | 'file';

function wayOf({ kind }: MotionChoice): Way {
  return kind === 'idle' || kind === 'camera' ? kind : 'file';
}

/** What moves the avatar: by itself, the camera, or a BVH file. */
export function MotionPicker({ motion, preview, onChange }: MotionPickerProps) {
  const { t } = useTranslator();
  const [way, setWay] = useState(wayOf(motion));
  const pick = (picked: Way) => {
    setWay(picked);
    rememberWebcam({ isWanted: picked === 'camera' });
    if (picked === 'camera') return onChange({ kind: 'camera', deviceId: recallWebcam().deviceId });
    pageWebcam().close();
    onChange({ kind: 'idle' });
  };
  const segment = (value: Way, icon: 'idle' | 'webcam' | 'file', label: string) => (
    <Segment name="motion" icon={icon} label={label} checked={way === value} onPick={() => pick(value)} />
  );
  return (
    <fieldset className={styles.picker}>
      <legend className={styles.legend}>{t('lobby.motion')}</legend>
      <Segments>
        {segment('idle', 'idle', t('lobby.motionIdle'))}
        {segment('camera', 'webcam', t('lobby.motionCamera'))}
        {segment('file', 'file', t('lobby.motionFile'))}
      </Segments>
      {way === 'idle' && <p className={styles.hint}>{t('lobby.motionIdleHint')}</p>}
      {way === 'camera' && <CameraPicker />}
      {way === 'file' && <MotionFile motion={motion} preview={preview} onChange={onChange} />}
    </fieldset>
  );
}

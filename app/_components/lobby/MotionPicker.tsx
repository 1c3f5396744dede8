'use client';

import { useState } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { MotionChoice } from '@/app/_session/sessionContract';
import { MotionFile } from './MotionFile';
import styles from './MotionPicker.module.css';
import { Segment, Segments } from './Segments';
import type { MotionPreview } from './usePreviewSource';

interface MotionPickerProps {
  readonly motion: MotionChoice;
  readonly preview: MotionPreview;
  onChange(motion: MotionChoice): void;
}

/** What moves the avatar: by itself, or a BVH file. */
export function MotionPicker({ motion, preview, onChange }: MotionPickerProps) {
  const { t } = useTranslator();
  const [fileWanted, setFileWanted] = useState(motion.kind !== 'idle');
  const pickIdle = () => {
    setFileWanted(false);
    onChange({ kind: 'idle' });
  };
  return (
    <fieldset className={styles.picker}>
      <legend className={styles.legend}>{t('lobby.motion')}</legend>
      <Segments>
        <Segment name="motion" icon="idle" label={t('lobby.motionIdle')} checked={!fileWanted} onPick={pickIdle} />
        <Segment
          name="motion"
          icon="file"
          label={t('lobby.motionFile')}
          checked={fileWanted}
          onPick={() => setFileWanted(true)}
        />
      </Segments>
      {fileWanted ? (
        <MotionFile motion={motion} preview={preview} onChange={onChange} />
      ) : (
        <p className={styles.hint}>{t('lobby.motionIdleHint')}</p>
      )}
    </fieldset>
  );
}

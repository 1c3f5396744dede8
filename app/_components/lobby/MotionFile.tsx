'use client';

import { type ChangeEvent, type DragEvent, useState } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { MotionChoice } from '@/app/_session/sessionContract';
import { Problem } from '../ui/Problem';
import styles from './MotionFile.module.css';
import type { MotionPreview } from './usePreviewSource';

interface MotionFileProps {
  readonly motion: MotionChoice;
  readonly preview: MotionPreview;
  onChange(motion: MotionChoice): void;
}

function useFileName(motion: MotionChoice): string | null {
  const { t } = useTranslator();
  if (motion.kind === 'bvhFile') return motion.fileName;
  return motion.kind === 'bvhUrl' ? t('lobby.motionFromLink') : null;
}

/** Where a BVH file is dropped or chosen; says what it plays, or which line it stumbled over. */
export function MotionFile({ motion, preview, onChange }: MotionFileProps) {
  const { t } = useTranslator();
  const [over, setOver] = useState(false);
  const fileName = useFileName(motion);
  const read = async (file: File | undefined) => {
    if (file) onChange({ kind: 'bvhFile', fileName: file.name, text: await file.text() });
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void read(event.dataTransfer.files[0]);
  };
  const pick = (event: ChangeEvent<HTMLInputElement>) => {
    void read(event.target.files?.[0]);
    event.target.value = '';
  };
  const status = { reading: t('lobby.motionReading'), playing: t('lobby.motionPlaying'), unreadable: '' };
  return (
    <>
      <label
        className={styles.drop}
        data-over={over || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <input className="visuallyHidden" type="file" accept=".bvh" onChange={pick} />
        <span className={styles.words}>
          <span className={styles.name}>{fileName ?? t('lobby.motionFileHint')}</span>
          {fileName && <span className={styles.state}>{status[preview.state]}</span>}
        </span>
        <span className={styles.choose}>{t(fileName ? 'lobby.motionReplace' : 'lobby.motionChoose')}</span>
      </label>
      <Problem sentence={preview.problem ? t(preview.problem.key, preview.problem.values) : null} />
    </>
  );
}

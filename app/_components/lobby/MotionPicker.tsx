'use client';

import { useState } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { MotionChoice } from '@/app/_session/sessionContract';
import { Icon } from '../icons/Icon';
import type { IconName } from '../icons/iconShapes';
import { MotionFile } from './MotionFile';
import styles from './MotionPicker.module.css';
import type { MotionPreview } from './usePreviewSource';

interface MotionPickerProps {
  readonly motion: MotionChoice;
  readonly preview: MotionPreview;
  onChange(motion: MotionChoice): void;
}

function Choice(props: { icon: IconName; label: string; checked: boolean; onPick(): void }) {
  return (
    <label className={styles.choice}>
      <input className="coveringInput" type="radio" name="motion" checked={props.checked} onChange={props.onPick} />
      <Icon name={props.icon} sizePx={20} />
      {props.label}
    </label>
  );
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
      <div className={styles.choices}>
        <Choice icon="idle" label={t('lobby.motionIdle')} checked={!fileWanted} onPick={pickIdle} />
        <Choice icon="file" label={t('lobby.motionFile')} checked={fileWanted} onPick={() => setFileWanted(true)} />
      </div>
      {fileWanted ? (
        <MotionFile motion={motion} preview={preview} onChange={onChange} />
      ) : (
        <p className={styles.hint}>{t('lobby.motionIdleHint')}</p>
      )}
    </fieldset>
  );
}

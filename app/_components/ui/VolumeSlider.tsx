'use client';

import type { CSSProperties } from 'react';
import styles from './VolumeSlider.module.css';

interface VolumeSliderProps {
  /** The name of what the volume belongs to. */
  readonly label: string;
  /** 1 is unchanged. */
  readonly volume: number;
  readonly most: number;
  onChange(volume: number): void;
}

const STEP = 0.05;

/** A volume slider, read aloud in percent. The mark shows the unchanged volume. */
export function VolumeSlider({ label, volume, most, onChange }: VolumeSliderProps) {
  return (
    <input
      className={styles.slider}
      style={{ '--filled': volume / most, '--mark': 1 / most } as CSSProperties}
      type="range"
      min={0}
      max={most}
      step={STEP}
      value={volume}
      aria-label={label}
      aria-valuetext={`${Math.round(volume * 100)} %`}
      onChange={(event) => onChange(event.target.valueAsNumber)}
    />
  );
}

'use client';

import type { CSSProperties } from 'react';
import styles from './VolumeSlider.module.css';

interface VolumeSliderProps {
  /** What is made louder or softer. */
  readonly label: string;
  /** 1 as it comes. */
  readonly volume: number;
  readonly most: number;
  onChange(volume: number): void;
}

const STEP = 0.05;

/** A volume, in per cent for those who listen to it. The mark stands where a voice is as it comes. */
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

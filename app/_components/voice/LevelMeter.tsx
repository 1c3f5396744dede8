'use client';

import { useRef } from 'react';
import styles from './LevelMeter.module.css';
import { useLevel } from './useLevel';

/** How loud something is, as a bar. For eyes alone: it says nothing that a screen reader could use. */
export function LevelMeter({ read }: { read(nowMs: number): number }) {
  const bar = useRef<HTMLSpanElement>(null);
  useLevel(bar, read);
  return <span className={styles.meter} ref={bar} aria-hidden="true" />;
}

'use client';

import { type RefObject, useEffect, useRef } from 'react';
import styles from './LevelMeter.module.css';

/** Levels closer together than this look the same. */
const SAME = 0.004;

/** Keeps the style variable `--level` of `ref` at what `read` tells (0 to 1), frame by frame and past React. */
export function useLevel(ref: RefObject<HTMLElement | null>, read: (nowMs: number) => number): void {
  useEffect(() => {
    let shown = -1;
    let frame = 0;
    const draw = () => {
      const level = read(performance.now());
      if (Math.abs(level - shown) > SAME) {
        shown = level;
        ref.current?.style.setProperty('--level', level.toFixed(3));
      }
      frame = requestAnimationFrame(draw);
    };
    frame = requestAnimationFrame(draw);
    return () => cancelAnimationFrame(frame);
  }, [ref, read]);
}

/** How loud something is, as a bar. For eyes alone: it says nothing that a screen reader could use. */
export function LevelMeter({ read }: { read(nowMs: number): number }) {
  const bar = useRef<HTMLSpanElement>(null);
  useLevel(bar, read);
  return <span className={styles.meter} ref={bar} aria-hidden="true" />;
}

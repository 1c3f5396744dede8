'use client';

import { type RefObject, useEffect, useRef } from 'react';
import styles from './LevelMeter.module.css';

/** Levels closer together than this look the same. */
const SAME = 0.004;

/** Keeps the style variable `--level` of `ref` at the level that `read` returns (0 to 1), every frame, without React. */
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

/** A bar that shows a level. Hidden from screen readers, which can make no use of it. */
export function LevelMeter({ read }: { read(nowMs: number): number }) {
  const bar = useRef<HTMLSpanElement>(null);
  useLevel(bar, read);
  return <span className={styles.meter} ref={bar} aria-hidden="true" />;
}

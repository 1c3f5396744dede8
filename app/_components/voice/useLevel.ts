'use client';

import { type RefObject, useEffect } from 'react';

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

'use client';

import { useEffect, useRef } from 'react';
import styles from './Problem.module.css';

interface ProblemProps {
  /** What went wrong and what to do about it; null takes no space. */
  readonly sentence: string | null;
}

/** An error that is read aloud and scrolled into view when it appears, since it may be below the edge of the window. */
export function Problem({ sentence }: ProblemProps) {
  const place = useRef<HTMLParagraphElement>(null);
  useEffect(() => {
    if (sentence) place.current?.scrollIntoView({ block: 'nearest' });
  }, [sentence]);
  return (
    <p ref={place} className={styles.problem} role="alert">
      {sentence}
    </p>
  );
}

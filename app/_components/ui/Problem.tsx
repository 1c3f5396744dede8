'use client';

import { useEffect, useRef } from 'react';
import styles from './Problem.module.css';

interface ProblemProps {
  /** What went wrong and what to do about it; null while all is well, which takes no room. */
  readonly sentence: string | null;
}

/** A sentence read out and brought into sight when it comes: it may stand below what was pressed, out of the window. */
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

'use client';

import { useEffect, useState } from 'react';
import type { MotionChoice } from '@/app/_session/sessionContract';
import type { MotionSource } from '@/lib/motion/motionSource';
import { type MotionProblem, previewMotion } from './previewMotion';

/** How far the chosen motion is: nothing to read, being read, playing, or not readable. */
export interface MotionPreview {
  readonly state: 'idle' | 'reading' | 'playing' | 'unreadable';
  /** Undefined: the preview's own idle motion. */
  readonly source?: MotionSource;
  readonly problem?: MotionProblem;
}

const IDLE: MotionPreview = { state: 'idle' };

/** Reads the chosen motion for the avatar beside it; the newest choice wins. */
export function usePreviewSource(motion: MotionChoice): MotionPreview {
  const [preview, setPreview] = useState<MotionPreview>(IDLE);
  useEffect(() => {
    if (motion.kind === 'idle') return setPreview(IDLE);
    let current = true;
    setPreview({ state: 'reading' });
    void previewMotion(motion).then((read) => {
      if (!current) return;
      setPreview('source' in read ? { state: 'playing', ...read } : { state: 'unreadable', ...read });
    });
    return () => {
      current = false;
    };
  }, [motion]);
  return preview;
}

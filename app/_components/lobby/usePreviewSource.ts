'use client';

import { useEffect, useState } from 'react';
import type { MotionChoice } from '@/app/_session/sessionContract';
import type { MotionSource } from '@/lib/motion/motionSource';
import type { MotionProblem } from './previewMotion';

/** The state of the chosen motion. */
export interface MotionPreview {
  readonly state: 'reading' | 'playing' | 'unreadable';
  /** Undefined while it is read; the avatar then rests. */
  readonly source?: MotionSource;
  readonly problem?: MotionProblem;
}

const READING: MotionPreview = { state: 'reading' };

/** Loads the chosen motion for the lobby's avatar; the newest choice wins. */
export function usePreviewSource(motion: MotionChoice): MotionPreview {
  const [preview, setPreview] = useState<MotionPreview>(READING);
  useEffect(() => {
    let current = true;
    setPreview(READING);
    void import('./previewMotion').then(async ({ previewMotion }) => {
      const read = await previewMotion(motion);
      if (!current) return;
      setPreview('source' in read ? { state: 'playing', ...read } : { state: 'unreadable', ...read });
    });
    return () => {
      current = false;
    };
  }, [motion]);
  return preview;
}

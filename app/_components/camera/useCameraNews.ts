'use client';

import { useEffect, useRef } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { WebcamSession } from '@/app/_session/webcamContract';
import { cameraProblem } from './cameraProblem';
import { useCamera } from './useCamera';

/** Tells why there is no camera, and when it goes by itself. */
export function useCameraNews(camera: WebcamSession, say: (text: string) => void): void {
  const { t } = useTranslator();
  const { phase } = useCamera(camera);
  const before = useRef(phase);
  useEffect(() => {
    const wasInUse = before.current === 'starting' || before.current === 'live';
    before.current = phase;
    const problem = cameraProblem(phase);
    if (wasInUse && problem) say(t(`camera.${problem}`));
  }, [phase, say, t]);
}

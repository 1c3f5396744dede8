'use client';

import dynamic from 'next/dynamic';
import { useEffect, useMemo, useState } from 'react';
import { useHasGpu } from '@/app/_hooks/useHasGpu';
import { useReducedMotion } from '@/app/_hooks/useMediaQuery';
import { AVATAR_KEYS } from '@/lib/core/avatars';
import type { PeopleDrawn } from '@/scene/react/PeoplePreview';
import { loadPictures } from '../../ui/loadPictures';
import { SceneBoundary } from '../../ui/SceneBoundary';
import type { LiveFrames } from './AvatarPeople';
import styles from './AvatarPeople.module.css';

const PeoplePreview = dynamic(() => loadPictures().then((module) => module.PeoplePreview), {
  ssr: false,
});

interface LivePeopleProps extends LiveFrames {
  /** A reference for each of `AVATAR_KEYS`, in that order. */
  readonly people: readonly string[];
}

const NOBODY: PeopleDrawn = [];

/**
 * Draws people over their portraits: all of them, alive, where a graphics chip does it; elsewhere only those in other
 * colours than their portrait's, once.
 */
export function LivePeople({ people, frames, onCover }: LivePeopleProps) {
  const hasGpu = useHasGpu();
  const reducedMotion = useReducedMotion();
  const [drawn, setDrawn] = useState<PeopleDrawn>(NOBODY);
  const [isImpossible, setImpossible] = useState(false);
  const wanted = useMemo(
    () => people.map((avatar, index) => (hasGpu || avatar !== AVATAR_KEYS[index] ? avatar : null)),
    [people, hasGpu],
  );
  const draws = !isImpossible && wanted.some((avatar) => avatar !== null);
  useEffect(() => {
    onCover(wanted.map((avatar, index) => draws && avatar !== null && !!drawn[index]));
  }, [onCover, wanted, drawn, draws]);
  if (!draws) return null;
  return (
    <SceneBoundary fallback={null}>
      <div className={styles.live} data-drawn={drawn !== NOBODY || undefined}>
        <PeoplePreview
          avatars={wanted}
          frames={frames}
          isStill={reducedMotion || !hasGpu}
          onDrawn={setDrawn}
          onUnsupported={() => setImpossible(true)}
        />
      </div>
    </SceneBoundary>
  );
}

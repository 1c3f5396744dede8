'use client';

import dynamic from 'next/dynamic';
import { useMemo, useRef, useState } from 'react';
import { useHasGpu } from '@/app/_hooks/useHasGpu';
import { useReducedMotion } from '@/app/_hooks/useMediaQuery';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import { AVATAR_KEYS, type AvatarKey } from '@/lib/core/avatars';
import type { PeopleDrawn } from '@/scene/view/PeoplePreview';
import { Portrait } from '../../seats/Portrait';
import { SceneBoundary } from '../../ui/SceneBoundary';
import styles from './AvatarPeople.module.css';

const PeoplePreview = dynamic(() => import('@/scene/view/PeoplePreview').then((module) => module.PeoplePreview), {
  ssr: false,
});

interface AvatarPeopleProps {
  /** A reference for each of `AVATAR_KEYS`, in that order. */
  readonly people: readonly string[];
  readonly chosen: AvatarKey | null;
  readonly mayDraw: boolean;
  onChange(avatar: string): void;
}

const NOBODY: PeopleDrawn = [];

/**
 * Everybody one may be, alive where a graphics chip draws them. Elsewhere, and until then, portraits; only those in other
 * colours than their portrait's are drawn, once.
 */
export function AvatarPeople({ people, chosen, mayDraw, onChange }: AvatarPeopleProps) {
  const { t } = useTranslator();
  const hasGpu = useHasGpu();
  const reducedMotion = useReducedMotion();
  const frames = useRef<(HTMLElement | null)[]>([]);
  const [drawn, setDrawn] = useState<PeopleDrawn>(NOBODY);
  const [isImpossible, setImpossible] = useState(false);
  const toDraw = useMemo(
    () => people.map((avatar, index) => (hasGpu || avatar !== AVATAR_KEYS[index] ? avatar : null)),
    [people, hasGpu],
  );
  const draws = mayDraw && !isImpossible && toDraw.some((avatar) => avatar !== null);
  const isShown = (index: number) => draws && !!drawn[index] && toDraw[index] !== null;
  return (
    <div className={styles.people}>
      {AVATAR_KEYS.map((key, index) => (
        <label key={key} className={styles.choice} data-drawn={isShown(index) || undefined}>
          <input
            className="coveringInput"
            type="radio"
            name="avatar"
            value={key}
            checked={key === chosen}
            onChange={() => onChange(people[index]!)}
          />
          <span className={styles.ring}>
            <span
              className={styles.frame}
              ref={(element) => {
                frames.current[index] = element;
              }}
            >
              <Portrait avatar={people[index]!} />
            </span>
          </span>
          <span className={styles.name}>{t(`avatar.${key}`)}</span>
        </label>
      ))}
      {draws && (
        <SceneBoundary fallback={null}>
          <div className={styles.live} data-drawn={drawn !== NOBODY || undefined}>
            <PeoplePreview
              avatars={toDraw}
              frames={frames}
              isStill={reducedMotion || !hasGpu}
              onDrawn={setDrawn}
              onUnsupported={() => setImpossible(true)}
            />
          </div>
        </SceneBoundary>
      )}
    </div>
  );
}

'use client';

import dynamic from 'next/dynamic';
import { useRef, useState } from 'react';
import { useHasGpu } from '@/app/_hooks/useHasGpu';
import { useReducedMotion } from '@/app/_hooks/useMediaQuery';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import { AVATAR_KEYS, type AvatarKey } from '@/lib/core/avatars';
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

/** Everybody one may be, alive where the machine draws well, as portraits until then and elsewhere. */
export function AvatarPeople({ people, chosen, mayDraw, onChange }: AvatarPeopleProps) {
  const { t } = useTranslator();
  const hasGpu = useHasGpu();
  const reducedMotion = useReducedMotion();
  const frames = useRef<(HTMLElement | null)[]>([]);
  const [drawing, setDrawing] = useState<'waiting' | 'shown' | 'impossible'>('waiting');
  return (
    <div className={styles.people} data-live={drawing === 'shown' || undefined}>
      {AVATAR_KEYS.map((key, index) => (
        <label key={key} className={styles.choice}>
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
      {mayDraw && hasGpu && drawing !== 'impossible' && (
        <SceneBoundary fallback={null}>
          <div className={styles.live}>
            <PeoplePreview
              avatars={people}
              frames={frames}
              reducedMotion={reducedMotion}
              onReady={() => setDrawing('shown')}
              onUnsupported={() => setDrawing('impossible')}
            />
          </div>
        </SceneBoundary>
      )}
    </div>
  );
}

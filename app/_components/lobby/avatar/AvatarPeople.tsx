'use client';

import { type ReactNode, type RefObject, useRef, useState } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import { AVATAR_KEYS } from '@/lib/core/avatars';
import { Portrait } from '../../seats/Portrait';
import styles from './AvatarPeople.module.css';

/** What draws people over their portraits. */
export interface LiveFrames {
  /** Where each of `AVATAR_KEYS` has its picture. */
  readonly frames: RefObject<readonly (HTMLElement | null)[]>;
  /** Told whose portraits are drawn over, in the same order. */
  onCover(covered: readonly boolean[]): void;
}

interface AvatarPeopleProps {
  /** A reference for each of `AVATAR_KEYS`, in that order. */
  readonly people: readonly string[];
  /** Key of the one chosen, where it is one of them. */
  readonly chosen: string | null;
  onChange(avatar: string): void;
  live?(frames: LiveFrames): ReactNode;
}

/** Everybody one may be, one of them chosen. */
export function AvatarPeople({ people, chosen, onChange, live }: AvatarPeopleProps) {
  const { t } = useTranslator();
  const frames = useRef<(HTMLElement | null)[]>([]);
  const [covered, setCovered] = useState<readonly boolean[]>([]);
  return (
    <div className={styles.people}>
      {AVATAR_KEYS.map((key, index) => (
        <label key={key} className={styles.choice} data-drawn={covered[index] || undefined}>
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
              <Portrait avatar={key} />
            </span>
          </span>
          <span className={styles.name}>{t(`avatar.${key}`)}</span>
        </label>
      ))}
      {live?.({ frames, onCover: setCovered })}
    </div>
  );
}

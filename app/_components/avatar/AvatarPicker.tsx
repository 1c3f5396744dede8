'use client';

import { type ReactNode, type RefObject, useMemo, useRef, useState } from 'react';
import { useLater } from '@/app/_hooks/useLater';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { Wardrobe } from '@/app/_memory/wardrobeMemory';
import type { UploadTarget } from '@/app/_session/visit';
import { AVATAR_KEYS, avatarKeyOf } from '@/lib/core/avatars';
import { Portrait } from '../seats/Portrait';
import peopleStyles from './AvatarPeople.module.css';
import styles from './AvatarPicker.module.css';

/** Stores the colours each avatar had in earlier meetings. */
export interface WardrobeMemory {
  recallWardrobe(): Wardrobe;
  rememberWardrobe(wardrobe: Wardrobe): void;
}

/** The avatars to choose from, in the colours they had last; in earlier meetings too, once `memory` has loaded. */
function useWardrobe(worn: string, memory: WardrobeMemory | null) {
  const [changed, setChanged] = useState<Wardrobe>({});
  const kept = useMemo(() => ({ ...memory?.recallWardrobe(), ...changed }), [memory, changed]);
  const chosen = avatarKeyOf(worn);
  const people = useMemo(
    () => AVATAR_KEYS.map((key) => (key === chosen ? worn : (kept[key] ?? key))),
    [kept, chosen, worn],
  );
  /** Keeps the colours of `avatar` before another one is chosen. */
  const keep = (avatar: string) => {
    const key = avatarKeyOf(avatar);
    if (!key || key === 'custom') return;
    const wardrobe = { ...kept, [key]: avatar };
    setChanged(wardrobe);
    memory?.rememberWardrobe(wardrobe);
  };
  return { chosen, people, keep };
}

/** What the live pictures need to draw over the portraits. */
export interface LiveFrames {
  /** The frame of each of `AVATAR_KEYS`. */
  readonly frames: RefObject<readonly (HTMLElement | null)[]>;
  /** Gets which portraits are drawn over, in the same order. */
  onCover(covered: readonly boolean[]): void;
}

interface AvatarPeopleProps {
  /** A reference for each of `AVATAR_KEYS`, in that order. */
  readonly people: readonly string[];
  /** The key of the chosen one; null or `custom` for none of them. */
  readonly chosen: string | null;
  onChange(avatar: string): void;
  live?(frames: LiveFrames): ReactNode;
}

/** The default avatars, one of them chosen. */
function AvatarPeople({ people, chosen, onChange, live }: AvatarPeopleProps) {
  const { t } = useTranslator();
  const frames = useRef<(HTMLElement | null)[]>([]);
  const [covered, setCovered] = useState<readonly boolean[]>([]);
  return (
    <div className={peopleStyles.people}>
      {AVATAR_KEYS.map((key, index) => (
        <label key={key} className={peopleStyles.choice} data-drawn={covered[index] || undefined}>
          <input
            className="coveringInput"
            type="radio"
            name="avatar"
            value={key}
            checked={key === chosen}
            onChange={() => onChange(people[index]!)}
          />
          <span className={peopleStyles.ring}>
            <span
              className={peopleStyles.frame}
              ref={(element) => {
                frames.current[index] = element;
              }}
            >
              <Portrait avatar={key} />
            </span>
          </span>
          <span className={peopleStyles.name}>{t(`avatar.${key}`)}</span>
        </label>
      ))}
      {live?.({ frames, onCover: setCovered })}
    </div>
  );
}

interface AvatarPickerProps {
  /** The current avatar, a reference as `parseAvatarRef` reads it. */
  readonly avatar: string;
  /** Uploads a custom avatar. */
  readonly upload: UploadTarget;
  onChange(avatar: string): void;
  /** Whether people may be drawn live, since nothing more urgent is left to draw. */
  readonly mayDraw: boolean;
}

// Without it, avatars can still be chosen, but not coloured.
const loadDressing = () =>
  import('./Dressing').then(
    (module) => module.dressing,
    () => null,
  );

/** Chooses an avatar: one of the default avatars, in chosen colours, or a custom avatar. */
export function AvatarPicker({ avatar, upload, onChange, mayDraw }: AvatarPickerProps) {
  const { t } = useTranslator();
  const dressing = useLater(loadDressing);
  const { chosen, people, keep } = useWardrobe(avatar, dressing);
  const [customWanted, setCustomWanted] = useState(chosen === 'custom');
  const wear = (next: string) => {
    keep(next);
    onChange(next);
  };
  const switchTo = (next: string) => {
    keep(avatar);
    onChange(next);
  };
  return (
    <fieldset className={styles.picker}>
      <legend className={styles.legend}>{t('avatarPicker.title')}</legend>
      {dressing && !customWanted && <dressing.SurpriseButton avatar={avatar} onChange={wear} />}
      {dressing && <dressing.AvatarSources isCustom={customWanted} onPick={setCustomWanted} />}
      {customWanted ? (
        <div className={styles.whole}>
          {dressing && <dressing.CustomAvatar avatar={avatar} upload={upload} onChange={onChange} />}
        </div>
      ) : (
        <>
          <AvatarPeople
            people={people}
            chosen={chosen}
            onChange={switchTo}
            live={(frames) => mayDraw && dressing && <dressing.LivePeople people={people} {...frames} />}
          />
          <div className={styles.colours}>{dressing && <dressing.AvatarColours avatar={avatar} onChange={wear} />}</div>
        </>
      )}
    </fieldset>
  );
}

'use client';

import { type ReactNode, type RefObject, useMemo, useRef, useState } from 'react';
import { useLater } from '@/app/_hooks/useLater';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { Wardrobe } from '@/app/_memory/wardrobeMemory';
import { avatarKeyOf } from '@/lib/core/avatarKeyOf';
import { AVATAR_KEYS } from '@/lib/core/avatars';
import { Portrait } from '../seats/Portrait';
import avatarPeopleStyles from './AvatarPeople.module.css';
import styles from './AvatarPicker.module.css';

/** Where it is kept how people were dressed in meetings before. */
export interface WardrobeMemory {
  recallWardrobe(): Wardrobe;
  rememberWardrobe(wardrobe: Wardrobe): void;
}

/**
 * How everybody one may be is dressed: as last left, also in meetings before once `memory` is there. `worn` is the
 * reference of now.
 */
function useWardrobe(worn: string, memory: WardrobeMemory | null) {
  const [changed, setChanged] = useState<Wardrobe>({});
  const kept = useMemo(() => ({ ...memory?.recallWardrobe(), ...changed }), [memory, changed]);
  const chosen = avatarKeyOf(worn);
  const people = useMemo(
    () => AVATAR_KEYS.map((key) => (key === chosen ? worn : (kept[key] ?? key))),
    [kept, chosen, worn],
  );
  /** Keeps how the one worn now is dressed, before another is put on. */
  const keep = (avatar: string) => {
    const key = avatarKeyOf(avatar);
    if (!key || key === 'own') return;
    setChanged({ ...changed, [key]: avatar });
    memory?.rememberWardrobe({ ...kept, [key]: avatar });
  };
  return { chosen, people, keep };
}

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
function AvatarPeople({ people, chosen, onChange, live }: AvatarPeopleProps) {
  const { t } = useTranslator();
  const frames = useRef<(HTMLElement | null)[]>([]);
  const [covered, setCovered] = useState<readonly boolean[]>([]);
  return (
    <div className={avatarPeopleStyles.people}>
      {AVATAR_KEYS.map((key, index) => (
        <label key={key} className={avatarPeopleStyles.choice} data-drawn={covered[index] || undefined}>
          <input
            className="coveringInput"
            type="radio"
            name="avatar"
            value={key}
            checked={key === chosen}
            onChange={() => onChange(people[index]!)}
          />
          <span className={avatarPeopleStyles.ring}>
            <span
              className={avatarPeopleStyles.frame}
              ref={(element) => {
                frames.current[index] = element;
              }}
            >
              <Portrait avatar={key} />
            </span>
          </span>
          <span className={avatarPeopleStyles.name}>{t(`avatar.${key}`)}</span>
        </label>
      ))}
      {live?.({ frames, onCover: setCovered })}
    </div>
  );
}

interface AvatarPickerProps {
  /** What is worn now, a reference as `parseAvatarRef` reads it. */
  readonly avatar: string;
  onChange(avatar: string): void;
  /** Whether people may be drawn live: what is more urgent has been drawn. */
  readonly mayDraw: boolean;
}

// Without it one still chooses whom to be.
const loadDressing = () =>
  import('./Dressing').then(
    (module) => module.dressing,
    () => null,
  );

/** Who one is: one of the default avatars in colours of one's choice, or an avatar of one's own. */
export function AvatarPicker({ avatar, onChange, mayDraw }: AvatarPickerProps) {
  const { t } = useTranslator();
  const dressing = useLater(loadDressing);
  const { chosen, people, keep } = useWardrobe(avatar, dressing);
  const [ownWanted, setOwnWanted] = useState(chosen === 'own');
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
      <legend className={styles.legend}>{t('lobby.avatar')}</legend>
      {dressing && !ownWanted && <dressing.SurpriseButton avatar={avatar} onChange={wear} />}
      {dressing && <dressing.AvatarSources isOwn={ownWanted} onPick={setOwnWanted} />}
      {ownWanted ? (
        <div className={styles.whole}>{dressing && <dressing.CustomAvatar avatar={avatar} onChange={onChange} />}</div>
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

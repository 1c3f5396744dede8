'use client';

import dynamic from 'next/dynamic';
import { useMemo, useRef, useState } from 'react';
import { useReducedMotion } from '@/app/_hooks/useMediaQuery';
import { useSnapshot } from '@/app/_hooks/useSnapshot';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import { type Participant, SEATS_MAX } from '@/lib/core/meeting';
import { SnapshotStore } from '@/lib/core/snapshotStore';
import type { ReplayScreens, ShownScreen } from '@/lib/replay/replayScreens';
import type { PlateLabels, SceneHandle, SharedScreen, View } from '@/scene/react/sceneContract';
import { startingMood } from '../meeting/meetingUi';
import { loadPictures } from '../ui/loadPictures';
import { SceneBoundary } from '../ui/SceneBoundary';
import styles from './ReplayRoom.module.css';
import { type ReplaySession, SPOKEN_LEVEL } from './useReplay';

const MeetingScene = dynamic(() => loadPictures().then((module) => module.MeetingScene), { ssr: false });

const NO_PEOPLE: ReadonlySet<string> = new Set();
const ignore = () => {};

/** How the viewer looks at the room. */
export interface Look {
  readonly view: View;
  /** Whose seat is sat in. */
  readonly seatOf: string | null;
  readonly hidden: ReadonlySet<string>;
}

/** Texts of the name plates. */
export function usePlateLabels(): PlateLabels {
  const { t } = useTranslator();
  return useMemo(
    () => ({
      you: '',
      reconnecting: t('meeting.plateReconnecting'),
      away: t('meeting.plateAway'),
      unheard: t('meeting.plateUnheard'),
    }),
    [t],
  );
}

/** Those of the people who are in the picture; the same array until one changes. */
function useShown(people: readonly Participant[], hidden: ReadonlySet<string>): readonly Participant[] {
  return useMemo(() => people.filter(({ id }) => !hidden.has(id)), [people, hidden]);
}

const NO_SCREENS = new SnapshotStore<{ readonly shown: ShownScreen | null }>({ shown: null });

/** The screen that is shared at the shown moment, for the room's wall; the same object as long as it is the same one. */
function useScreen(screens: ReplayScreens | null): SharedScreen | null {
  const { shown } = useSnapshot(screens?.store ?? NO_SCREENS);
  const name = shown?.name ?? null;
  return useMemo(() => (screens && name !== null ? { name, picture: screens } : null), [screens, name]);
}

interface RecordedRoomProps extends ReplaySession {
  readonly look: Look;
  /** What the picture is, for those who do not see it. */
  readonly label: string;
  readonly drawn: boolean;
  readonly labels: PlateLabels;
  /** Whether the picture stands: others are drawn, and nothing moves in it. */
  readonly isHeld?: boolean;
  onScene?(scene: SceneHandle): void;
  onLost(): void;
}

/** The room as a recording has it at the shown moment. */
export function RecordedRoom(props: RecordedRoomProps) {
  const { replay, voices, screens, look, label, drawn, labels, isHeld = false, onScene = ignore, onLost } = props;
  const { t } = useTranslator();
  const { people, meeting } = useSnapshot(replay.store);
  const reducedMotion = useReducedMotion();
  const shown = useShown(people, look.hidden);
  const screen = useScreen(screens);
  const [mood] = useState(startingMood);
  const latest = useRef(meeting);
  latest.current = meeting;
  const feed = useMemo(
    () => ({
      level: (id: string) => {
        if (voices?.hasVoice(id)) return voices.level(id);
        const speaks = latest.current.people.some(({ person, isSpeaking }) => person === id && isSpeaking);
        return speaks && replay.clock.runs ? SPOKEN_LEVEL : 0;
      },
    }),
    [replay, voices],
  );
  if (!drawn) return <p className={styles.undrawn}>{t('failure.noWebgl')}</p>;
  return (
    <SceneBoundary fallback={<p className={styles.undrawn}>{t('failure.noWebgl')}</p>} onFailed={onLost}>
      <MeetingScene
        people={shown}
        seats={SEATS_MAX}
        selfId={look.seatOf}
        showSelf
        feed={replay}
        voices={feed}
        ears={voices}
        away={NO_PEOPLE}
        unheard={NO_PEOPLE}
        spectators={meeting.people.filter(({ seat }) => seat === null).length}
        screen={screen}
        isRecorded={false}
        covered={isHeld}
        view={look.view}
        picture="auto"
        mood={mood}
        reducedMotion={reducedMotion}
        label={label}
        labels={labels}
        onReady={onScene}
        onUnsupported={onLost}
      />
    </SceneBoundary>
  );
}

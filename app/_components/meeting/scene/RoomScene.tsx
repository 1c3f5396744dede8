'use client';

import dynamic from 'next/dynamic';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { useMediaQuery, useReducedMotion } from '@/app/_hooks/useMediaQuery';
import { useSnapshot } from '@/app/_hooks/useSnapshot';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { MeetingSession, SessionSnapshot } from '@/app/_session/sessionContract';
import type { VoiceSession } from '@/app/_session/voiceContract';
import { SEATS_MAX } from '@/lib/core/meeting';
import type { SessionPhase } from '@/lib/meeting/stats';
import type { SceneHandle, SharedScreen } from '@/scene/react/sceneContract';
import { webGl2Support } from '@/scene/react/webgl2';
import { MarkScene } from '../../brand/Mark';
import { SeatRing } from '../../seats/SeatRing';
import { loadPictures } from '../../ui/loadPictures';
import { SceneBoundary } from '../../ui/SceneBoundary';
import type { MeetingUi } from '../meetingUi';
import { PeopleList } from '../people/People';
import noSceneStyles from './NoScene.module.css';
import styles from './RoomScene.module.css';

/** Stands in for the room where the browser cannot draw it: the table from above, and the people by name. */
function NoScene({ snapshot, voice }: { snapshot: SessionSnapshot; voice: VoiceSession }) {
  const { t } = useTranslator();
  const narrow = useMediaQuery('(max-width: 860px)');
  const people = snapshot.meeting?.people ?? [];
  return (
    <div className={noSceneStyles.page}>
      <div className={noSceneStyles.table}>
        {people.length === 0 ? (
          <MarkScene story="outline" />
        ) : (
          <SeatRing
            seats={snapshot.meeting?.maxParticipants ?? SEATS_MAX}
            people={people}
            sizePx={narrow ? 220 : 320}
          />
        )}
      </div>
      <div className={noSceneStyles.words}>
        <p className={noSceneStyles.sentence}>{t('failure.noWebgl')}</p>
        <PeopleList snapshot={snapshot} voice={voice} />
      </div>
    </div>
  );
}

/** The longest that the scene waits for the connection. */
const PATIENCE_MS = 2500;

/**
 * Whether to build the scene now. Without a GPU that blocks the page for a second or more, so connecting comes first; with
 * a GPU both start at once.
 */
function useSceneTurn(phase: SessionPhase): boolean {
  const [turn, setTurn] = useState(() => phase !== 'connecting' || !webGl2Support()?.isSoftware);
  useEffect(() => {
    if (phase !== 'connecting') setTurn(true);
    const timer = window.setTimeout(() => setTurn(true), PATIENCE_MS);
    return () => window.clearTimeout(timer);
  }, [phase]);
  return turn;
}

const MeetingScene = dynamic(() => loadPictures().then((module) => module.MeetingScene), {
  ssr: false,
});

const SceneFigures = dynamic(() => import('./SceneFigures').then((module) => module.SceneFigures), { ssr: false });

interface RoomSceneProps {
  readonly session: MeetingSession;
  readonly snapshot: SessionSnapshot;
  readonly ui: MeetingUi;
  /** Whether the browser can draw the room at all. */
  readonly drawn: boolean;
  /** Whether the scene figures are shown over it. */
  readonly figuresShown: boolean;
  onSceneLost(): void;
}

/** The shared screen that the room shows; the same object until it changes. */
function useScreen(voice: VoiceSession, { meeting }: SessionSnapshot): SharedScreen | null {
  const { screen } = useSnapshot(voice);
  const name = meeting?.people.find(({ id }) => id === screen?.personId)?.name ?? '';
  return useMemo(() => screen && { name, picture: screen.video }, [screen, name]);
}

/** The room in 3D, or the people at its table where the browser can't draw it. */
export function RoomScene({ session, snapshot, ui, drawn, figuresShown, onSceneLost }: RoomSceneProps) {
  const { t } = useTranslator();
  const reducedMotion = useReducedMotion();
  const isItsTurn = useSceneTurn(snapshot.phase);
  const labels = useMemo(
    () => ({
      you: t('meeting.you'),
      reconnecting: t('meeting.plateReconnecting'),
      away: t('meeting.plateAway'),
      unheard: t('meeting.plateUnheard'),
    }),
    [t],
  );
  const [scene, setScene] = useState<SceneHandle | null>(null);
  const onReady = useCallback(
    (handle: SceneHandle) => {
      session.attachScene(handle);
      setScene(handle);
    },
    [session],
  );
  useEffect(() => () => session.attachScene(null), [session]);
  const { unheardPeople } = useSnapshot(session.voice);
  const screen = useScreen(session.voice, snapshot);
  if (!drawn) return <NoScene snapshot={snapshot} voice={session.voice} />;
  if (!isItsTurn) return <section className={styles.scene} data-mood={ui.mood} aria-label={t('meeting.scene')} />;
  return (
    <section className={styles.scene} data-mood={ui.mood} aria-label={t('meeting.scene')}>
      <SceneBoundary fallback={<NoScene snapshot={snapshot} voice={session.voice} />} onFailed={onSceneLost}>
        <MeetingScene
          people={snapshot.meeting?.people ?? []}
          seats={snapshot.meeting?.maxParticipants ?? SEATS_MAX}
          selfId={snapshot.self?.role === 'participant' ? snapshot.self.id : null}
          showSelf={ui.showSelf}
          feed={session.feed}
          voices={session.voice}
          ears={session.voice}
          away={snapshot.awayIds}
          unheard={unheardPeople}
          spectators={snapshot.meeting?.spectators ?? 0}
          screen={screen}
          isRecorded={Boolean(snapshot.meeting?.recording)}
          covered={ui.panel === 'screen'}
          view={ui.view}
          picture={ui.picture}
          mood={ui.mood}
          reducedMotion={reducedMotion}
          label={t('meeting.scene')}
          labels={labels}
          onReady={onReady}
          onUnsupported={onSceneLost}
        />
      </SceneBoundary>
      {figuresShown && scene && <SceneFigures scene={scene} />}
    </section>
  );
}

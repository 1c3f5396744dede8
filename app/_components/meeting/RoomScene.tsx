'use client';

import dynamic from 'next/dynamic';
import { useCallback, useEffect, useMemo } from 'react';
import { useReducedMotion } from '@/app/_hooks/useMediaQuery';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { MeetingSession, SessionSnapshot } from '@/app/_session/sessionContract';
import { SEATS_MAX } from '@/lib/core/meeting';
import type { SceneHandle } from '@/scene/view/sceneContract';
import { SceneBoundary } from '../ui/SceneBoundary';
import { NoScene } from './NoScene';
import styles from './RoomScene.module.css';
import type { RoomView } from './useRoomView';
import { useSceneTurn } from './useSceneTurn';

const MeetingScene = dynamic(() => import('@/scene/view/MeetingScene').then((module) => module.MeetingScene), {
  ssr: false,
});

const SILENCE = { level: () => 0 };
const NOBODY: ReadonlySet<string> = new Set();

interface RoomSceneProps {
  readonly session: MeetingSession;
  readonly snapshot: SessionSnapshot;
  readonly view: RoomView;
  /** Whether the browser can draw the room at all. */
  readonly drawn: boolean;
  onUndrawable(): void;
}

/** The room in 3D, or the people at its table where the browser can't draw. */
export function RoomScene({ session, snapshot, view, drawn, onUndrawable }: RoomSceneProps) {
  const { t } = useTranslator();
  const reducedMotion = useReducedMotion();
  const isItsTurn = useSceneTurn(snapshot.phase);
  const labels = useMemo(
    () => ({ you: t('meeting.you'), reconnecting: t('meeting.plateReconnecting'), away: t('meeting.plateAway') }),
    [t],
  );
  const onReady = useCallback((handle: SceneHandle) => session.attachScene(handle), [session]);
  useEffect(() => () => session.attachScene(null), [session]);
  if (!drawn) return <NoScene snapshot={snapshot} />;
  if (!isItsTurn) return <section className={styles.scene} data-mood={view.mood} aria-label={t('meeting.scene')} />;
  return (
    <section className={styles.scene} data-mood={view.mood} aria-label={t('meeting.scene')}>
      <SceneBoundary fallback={<NoScene snapshot={snapshot} />} onFailed={onUndrawable}>
        <MeetingScene
          people={snapshot.meeting?.people ?? []}
          seats={snapshot.meeting?.maxParticipants ?? SEATS_MAX}
          selfId={snapshot.self?.role === 'participant' ? snapshot.self.id : null}
          showSelf={view.showSelf}
          feed={session.feed}
          voices={SILENCE}
          ears={null}
          away={NOBODY}
          screen={null}
          camera={view.camera}
          mood={view.mood}
          reducedMotion={reducedMotion}
          label={t('meeting.scene')}
          labels={labels}
          onReady={onReady}
          onUnsupported={onUndrawable}
        />
      </SceneBoundary>
    </section>
  );
}

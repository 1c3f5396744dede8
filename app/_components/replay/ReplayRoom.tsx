'use client';

import dynamic from 'next/dynamic';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useMediaQuery } from '@/app/_hooks/useMediaQuery';
import { useSnapshot } from '@/app/_hooks/useSnapshot';
import { useSupportsWebgl } from '@/app/_hooks/useWebgl';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { Participant } from '@/lib/core/meeting';
import type { RecordingTimeline } from '@/lib/recording/timeline';
import type { OpenRecording } from '@/lib/replay/openRecording';
import type { Replay } from '@/lib/replay/replay';
import { ReplayTime } from '@/lib/replay/replayTime';
import type { SceneHandle } from '@/scene/react/sceneContract';
import { startingMood, startingView } from '../meeting/meetingUi';
import { WaitingScreen } from '../page/StateScreen';
import { Lanes } from './Lanes';
import { type Look, RecordedRoom, usePlateLabels } from './RecordedRoom';
import { ReplayIcon } from './ReplayIcon';
import type { ReplaySubject } from './ReplayPage';
import styles from './ReplayRoom.module.css';
import { useReplayKeys } from './replayKeys';
import { clockText, momentLink } from './replayLink';
import { nextReplayView, Tape } from './Tape';
import { type ReplaySession, useReplaySession, useTimeline } from './useReplay';

const Exporting = dynamic(() => import('./export/Exporting').then((module) => module.Exporting), { ssr: false });

/** How long a word about what was done stays. */
const SAID_FOR_MS = 4000;

function useLook(voices: ReplaySession['voices']) {
  const [look, setLook] = useState<Look>(() => ({
    view: startingView(null, window.innerWidth / window.innerHeight),
    seatOf: null,
    hidden: new Set(),
  }));
  return {
    look,
    nextView: () => setLook((old) => ({ ...old, view: nextReplayView(old.view), seatOf: null })),
    sit: (id: string) =>
      setLook((old) =>
        old.seatOf === id ? { ...old, view: 'orbit', seatOf: null } : { ...old, view: 'firstPerson', seatOf: id },
      ),
    hide: (id: string) => {
      const isHidden = look.hidden.has(id);
      voices?.setHeard(id, isHidden);
      setLook((old) => {
        const hidden = new Set(old.hidden);
        if (isHidden) hidden.delete(id);
        else hidden.add(id);
        const leaves = !isHidden && old.seatOf === id;
        return { hidden, view: leaves ? 'orbit' : old.view, seatOf: leaves ? null : old.seatOf };
      });
    },
  };
}

/** Some words for a while. */
function useSaid(): readonly [string, (words: string) => void] {
  const [said, setSaid] = useState('');
  useEffect(() => {
    if (!said) return;
    const timer = window.setTimeout(() => setSaid(''), SAID_FOR_MS);
    return () => window.clearTimeout(timer);
  }, [said]);
  return [said, setSaid];
}

/** How the room is seen now, for a film: where the camera stands, unless the view moves it. */
function useLookNow({ view, seatOf }: Look) {
  const scene = useRef<SceneHandle | null>(null);
  const onScene = useCallback((handle: SceneHandle) => {
    scene.current = handle;
  }, []);
  const latest = useRef({ view, seatOf });
  latest.current = { view, seatOf };
  const lookNow = useCallback(() => {
    const { view: now, seatOf: seat } = latest.current;
    const isMoved = now === 'speaker' || now === 'firstPerson';
    return { view: now, seatOf: seat, camera: isMoved ? null : (scene.current?.cameraPlace() ?? null) };
  }, []);
  return { onScene, lookNow };
}

/** The title and the day of the recording, once it is known. */
function Title({ replay, timeline }: { replay: Replay; timeline: RecordingTimeline | null }) {
  const { t, language } = useTranslator();
  const { meeting } = useSnapshot(replay.store);
  const date = timeline && new Intl.DateTimeFormat(language, { dateStyle: 'long' }).format(timeline.startedAtMs);
  return (
    <header className={styles.title}>
      <h1>{meeting.title || t('meeting.untitled')}</h1>
      {date && <p>{t('replay.recorded', { date })}</p>}
    </header>
  );
}

/** The people of the time line, as far as it is read; until then those who are here. */
function peopleOf(timeline: RecordingTimeline | null, here: readonly Participant[]): RecordingTimeline['people'] {
  const told = timeline?.people.filter(({ name }) => name !== '') ?? [];
  const known = new Set(told.map(({ id }) => id));
  const blank = { poses: 0, voicePackets: 0, speaking: [], fromMs: 0, toMs: 0 };
  return [...told, ...here.filter(({ id }) => !known.has(id)).map((person) => ({ ...person, ...blank }))];
}

interface ReplayRoomProps {
  readonly subject: ReplaySubject;
  readonly recording: OpenRecording;
  /** The moment to begin at, ms. */
  readonly startMs: number;
}

/** A recording: the room, and below it the controls and lanes. */
export function ReplayRoom({ subject, recording, startMs }: ReplayRoomProps) {
  const session = useReplaySession(recording, startMs);
  return session ? <OpenRoom {...session} recording={recording} subject={subject} /> : <WaitingScreen />;
}

function OpenRoom({ replay, voices, screens, recording, subject }: ReplaySession & Omit<ReplayRoomProps, 'startMs'>) {
  const { t } = useTranslator();
  const state = useSnapshot(replay.store);
  const progress = useTimeline(recording);
  const time = useMemo(() => new ReplayTime(replay, recording.rows), [replay, recording]);
  const { look, ...change } = useLook(voices);
  const [sceneLost, setSceneLost] = useState(false);
  const [isHeard, setHeard] = useState(true);
  const isNarrow = useMediaQuery('(max-width: 640px)');
  const [lanes, setLanes] = useState<boolean | null>(null);
  const [hasBegun, setBegun] = useState(false);
  const [exporting, setExporting] = useState<'never' | 'open' | 'closed'>('never');
  const [exported, setExported] = useState('');
  const [isFilming, setFilming] = useState(false);
  const labels = usePlateLabels();
  const { onScene, lookNow } = useLookNow(look);
  const [said, say] = useSaid();
  const drawn = useSupportsWebgl() && !sceneLost;
  const lanesOpen = lanes ?? !isNarrow;

  const togglePlay = () => {
    setBegun(true);
    voices?.resume();
    if (state.isPlaying) replay.pause();
    else replay.play();
  };
  const toggleSound = () => {
    voices?.resume();
    voices?.setMaster(isHeard ? 0 : 1);
    setHeard(!isHeard);
  };
  const toggleLanes = () => setLanes(!lanesOpen);
  const openExport = () => setExporting('open');
  useReplayKeys(replay, time, { togglePlay, nextView: change.nextView, toggleSound, toggleLanes, openExport });

  const copy = async () => {
    const atMs = time.positionMs;
    const link = momentLink(window.location.href, atMs);
    window.history.replaceState(null, '', link);
    const isCopied = await navigator.clipboard.writeText(link).then(
      () => true,
      () => false,
    );
    say(isCopied ? t('replay.momentCopied', { at: clockText(atMs) }) : t('replay.copyFailed'));
  };

  const timeline = progress?.timeline ?? null;
  const people = peopleOf(timeline, state.people);
  const percent = Math.floor((progress?.share ?? 0) * 100);
  const isMade = recording.isOver?.() === false && percent === 100;
  const reading = percent < 100 ? t('replay.reading', { percent }) : isMade ? t('replay.growing') : '';
  const waiting = state.isWaiting ? t('replay.waiting') : exported || reading;
  const status = state.trouble ? t('replay.trouble') : said || waiting;
  const here = new Set(state.people.map(({ id }) => id));
  const speaking = new Set(state.meeting.people.flatMap((person) => (person.isSpeaking ? [person.person] : [])));
  const right = 'right' in subject ? subject.right : null;
  return (
    <main className={styles.page}>
      <div className={styles.room} data-mood={startingMood()}>
        <RecordedRoom
          label={t('replay.scene')}
          replay={replay}
          voices={voices}
          screens={screens}
          look={look}
          drawn={drawn}
          labels={labels}
          isHeld={isFilming && !state.isPlaying}
          onScene={onScene}
          onLost={() => setSceneLost(true)}
        />
        <Title replay={replay} timeline={timeline} />
        {!hasBegun && (
          <button type="button" className={styles.begin} aria-label={t('replay.play')} onClick={togglePlay}>
            <ReplayIcon name="play" sizePx={40} />
          </button>
        )}
      </div>
      <Tape
        replay={replay}
        time={time}
        view={look.view}
        seatName={state.people.find(({ id }) => id === look.seatOf)?.name ?? ''}
        drawn={drawn}
        isHeard={isHeard}
        lanesOpen={lanesOpen}
        hasLink={right !== null}
        status={status}
        onTogglePlay={togglePlay}
        onNextView={change.nextView}
        onToggleSound={toggleSound}
        onToggleLanes={toggleLanes}
        onCopy={() => void copy()}
        onExport={openExport}
      >
        <Lanes
          time={time}
          timeline={{ people, chapters: timeline?.chapters ?? [] }}
          isOpen={lanesOpen}
          here={here}
          speaking={speaking}
          hidden={look.hidden}
          seatOf={look.seatOf}
          onSit={change.sit}
          onHide={change.hide}
        />
      </Tape>
      {exporting !== 'never' && (
        <Exporting
          isOpen={exporting === 'open'}
          title={state.meeting.title || t('meeting.untitled')}
          subject={subject}
          recording={recording}
          progress={progress}
          drawn={drawn}
          labels={labels}
          lookNow={lookNow}
          onClose={() => setExporting('closed')}
          onStatus={setExported}
          onFilming={setFilming}
        />
      )}
    </main>
  );
}

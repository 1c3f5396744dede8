'use client';

import { useEffect, useState } from 'react';
import { useSnapshot } from '@/app/_hooks/useSnapshot';
import { useSupportsWebgl } from '@/app/_hooks/useWebgl';
import type { MeetingSession, SessionSnapshot } from '@/app/_session/sessionContract';
import type { MeetingRole, SeatedPerson } from '@/lib/core/meeting';
import { pageDevices } from '@/lib/devices/deviceManager';
import { Dialogs } from './Dialogs';
import { Dock } from './dock/Dock';
import { type Command, usePushToTalk, useShortcuts } from './keys';
import styles from './LiveMeeting.module.css';
import type { DeviceOffer } from './meetingLink';
import { useMeetingUi } from './meetingUi';
import { ConnectionVeil, Notices, Toasts } from './news/Notices';
import { Status } from './news/Status';
import { useCopyLink, usePeopleNews, useToasts, useVoiceNews, useWebcamNews } from './news/useNews';
import { PeopleDrawer } from './people/People';
import { RecordingNotices } from './recording/RecordingNotices';
import { useHostRecording, useRecordingNews } from './recording/useRecording';
import { RoomScene } from './scene/RoomScene';

const ACTIVITY = ['pointermove', 'pointerdown', 'keydown', 'wheel', 'touchstart'] as const;

/** Whether no pointer has moved and no key been pressed for `afterMs` milliseconds. */
function useIdle(afterMs: number): boolean {
  const [idle, setIdle] = useState(false);
  useEffect(() => {
    let timer = window.setTimeout(() => setIdle(true), afterMs);
    const wake = () => {
      setIdle(false);
      window.clearTimeout(timer);
      timer = window.setTimeout(() => setIdle(true), afterMs);
    };
    for (const name of ACTIVITY) window.addEventListener(name, wake, { passive: true });
    return () => {
      window.clearTimeout(timer);
      for (const name of ACTIVITY) window.removeEventListener(name, wake);
    };
  }, [afterMs]);
  return idle;
}

/** Whether the scene figures are shown; from the start if the address has `?debug`. */
function useFiguresShown(): { readonly shown: boolean; toggle(): void } {
  const [shown, setShown] = useState(() => new URLSearchParams(globalThis.location?.search).has('debug'));
  return { shown, toggle: () => setShown((before) => !before) };
}

/** How long the controls stay after the last movement. */
const CONTROLS_STAY_MS = 3000;

const NO_PEOPLE: readonly SeatedPerson[] = [];

interface LiveMeetingProps {
  readonly session: MeetingSession;
  readonly snapshot: SessionSnapshot;
  readonly meetingId: string;
  readonly meetingRole: MeetingRole;
  readonly offer: DeviceOffer;
  onLeave(): void;
}

/** The meeting itself: the scene fills the window, everything else lies quietly over it. */
export function LiveMeeting({ session, snapshot, meetingId, meetingRole: role, offer, onLeave }: LiveMeetingProps) {
  const { voice } = session;
  const seated = role === 'participant';
  const people = snapshot.meeting?.people ?? NO_PEOPLE;
  const controls = useMeetingUi(role);
  const [sceneLost, setSceneLost] = useState(false);
  const drawn = useSupportsWebgl() && !sceneLost;
  const { toasts, say } = useToasts();
  const copy = useCopyLink(meetingId, say);
  const idle = useIdle(CONTROLS_STAY_MS);
  const figures = useFiguresShown();
  usePeopleNews(snapshot, say);
  useVoiceNews(voice, say);
  useWebcamNews(session.webcam, say);
  useRecordingNews(snapshot, useSnapshot(voice).master === 0, say);
  const recording = useHostRecording(session, snapshot, say);
  usePushToTalk(voice, seated);

  const commands: Record<Command, () => void> = {
    microphone: () => seated && voice.toggleMuted(),
    webcam: () => seated && session.webcam.toggle(),
    share: () => seated && pageDevices.supports('screen') && void voice.shareScreen(!voice.getSnapshot().isSharing),
    self: controls.toggleSelf,
    view: controls.nextView,
    mood: controls.nextMood,
    copy: () => void copy('participant'),
    people: () => controls.toggle('people'),
    figures: figures.toggle,
    help: () => controls.open('shortcuts'),
    close: controls.close,
  };
  useShortcuts((command) => commands[command]());
  const quiet = idle && controls.ui.panel === null && drawn;

  return (
    <main className={styles.room} data-quiet={quiet || undefined}>
      <RoomScene
        session={session}
        snapshot={snapshot}
        ui={controls.ui}
        onSceneLost={() => setSceneLost(true)}
        drawn={drawn}
        figuresShown={figures.shown}
      />
      <ConnectionVeil {...snapshot} meetingRole={role} />
      <Status snapshot={snapshot} controls={controls} />
      <Notices
        voice={voice}
        webcam={session.webcam}
        people={people}
        offer={offer}
        seated={seated}
        onLook={() => controls.open('screen')}
      >
        <RecordingNotices session={session} snapshot={snapshot} recording={recording} />
      </Notices>
      <Toasts toasts={toasts} />
      <PeopleDrawer
        open={controls.ui.panel === 'people'}
        snapshot={snapshot}
        voice={voice}
        onClose={controls.close}
        onInvite={() => void copy('participant')}
      />
      <Dock
        meetingId={meetingId}
        meetingRole={role}
        recording={session.isHost ? recording : null}
        controls={controls}
        voice={voice}
        webcam={session.webcam}
        drawn={drawn}
        seatFree={snapshot.meeting !== null && snapshot.meeting.people.length < snapshot.meeting.maxParticipants}
        quiet={quiet}
        onCopy={copy}
        onLeave={onLeave}
      />
      <Dialogs session={session} snapshot={snapshot} controls={controls} say={say} />
    </main>
  );
}

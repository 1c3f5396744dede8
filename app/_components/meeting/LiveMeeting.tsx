'use client';

import { useEffect, useState } from 'react';
import { useSupportsWebgl } from '@/app/_hooks/useWebgl';
import type { MeetingSession, SessionSnapshot } from '@/app/_session/sessionContract';
import type { MeetingRole, SeatedPerson } from '@/lib/core/meeting';
import { pageDevices } from '@/lib/devices/deviceManager';
import { RoomDialogs } from './Dialogs';
import { Dock } from './dock/Dock';
import { type RoomCommand, usePushToTalk, useRoomShortcuts } from './keys';
import { RoomNotices, RoomVeil, Toasts } from './news/Notices';
import { RoomStatus } from './news/Status';
import { useCameraNews, useCopyLink, useRoomNews, useToasts, useVoiceNews } from './news/useNews';
import { PeopleDrawer } from './people/People';
import roomStyles from './Room.module.css';
import { RoomScene } from './scene/RoomScene';
import { useRoomView } from './view';

const ACTIVITY = ['pointermove', 'pointerdown', 'keydown', 'wheel', 'touchstart'] as const;

/** Whether nobody has moved a pointer or pressed a key for `afterMs` milliseconds. */
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

/** Whether the figures of the scene are shown: at first where the address has `?debug`. */
function useFiguresShown(): { readonly shown: boolean; toggle(): void } {
  const [shown, setShown] = useState(() => new URLSearchParams(globalThis.location?.search).has('debug'));
  return { shown, toggle: () => setShown((before) => !before) };
}

/** How long the controls stay after the last movement. */
const CONTROLS_STAY_MS = 3000;

const NOBODY: readonly SeatedPerson[] = [];

export interface RoomProps {
  readonly session: MeetingSession;
  readonly snapshot: SessionSnapshot;
  readonly meetingId: string;
  readonly meetingRole: MeetingRole;
  onLeave(): void;
}

/** The meeting itself: the scene fills the window, everything else lies quietly over it. */
export function Room({ session, snapshot, meetingId, meetingRole: role, onLeave }: RoomProps) {
  const { voice } = session;
  const seated = role === 'participant';
  const people = snapshot.meeting?.people ?? NOBODY;
  const controls = useRoomView(role);
  const [lost, setLost] = useState(false);
  const drawn = useSupportsWebgl() && !lost;
  const { toasts, say } = useToasts();
  const copy = useCopyLink(meetingId, say);
  const idle = useIdle(CONTROLS_STAY_MS);
  const figures = useFiguresShown();
  useRoomNews(snapshot, say);
  useVoiceNews(voice, say);
  useCameraNews(session.webcam, say);
  usePushToTalk(voice, seated);

  const commands: Record<RoomCommand, () => void> = {
    microphone: () => seated && voice.toggleMuted(),
    webcam: () => seated && session.webcam.toggle(),
    share: () => seated && pageDevices.supports('screen') && void voice.shareScreen(!voice.getSnapshot().isSharing),
    self: controls.toggleSelf,
    camera: controls.nextCamera,
    mood: controls.nextMood,
    copy: () => void copy('participant'),
    people: () => controls.toggle('people'),
    figures: figures.toggle,
    help: () => controls.open('shortcuts'),
    close: controls.close,
  };
  useRoomShortcuts((command) => commands[command]());
  const quiet = idle && controls.view.panel === null && drawn;

  return (
    <main className={roomStyles.room} data-quiet={quiet || undefined}>
      <RoomScene
        session={session}
        snapshot={snapshot}
        view={controls.view}
        onUndrawable={() => setLost(true)}
        drawn={drawn}
        figuresShown={figures.shown}
      />
      <RoomVeil phase={snapshot.phase} meetingRole={role} />
      <RoomStatus snapshot={snapshot} controls={controls} />
      <RoomNotices voice={voice} people={people} onLook={() => controls.open('screen')} />
      <Toasts toasts={toasts} />
      <PeopleDrawer
        open={controls.view.panel === 'people'}
        snapshot={snapshot}
        voice={voice}
        onClose={controls.close}
        onInvite={() => void copy('participant')}
      />
      <Dock
        meetingId={meetingId}
        meetingRole={role}
        isHost={session.isHost}
        controls={controls}
        voice={voice}
        camera={session.webcam}
        drawn={drawn}
        seatFree={snapshot.meeting !== null && snapshot.meeting.people.length < snapshot.meeting.maxParticipants}
        quiet={quiet}
        onCopy={copy}
        onLeave={onLeave}
      />
      <RoomDialogs session={session} snapshot={snapshot} controls={controls} say={say} />
    </main>
  );
}

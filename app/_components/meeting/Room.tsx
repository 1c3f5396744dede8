'use client';

import { useState } from 'react';
import { useIdle } from '@/app/_hooks/useIdle';
import { useSupportsWebgl } from '@/app/_hooks/useSupportsWebgl';
import type { MeetingSession, SessionSnapshot } from '@/app/_session/sessionContract';
import type { MeetingRole, SeatedPerson } from '@/lib/core/meeting';
import { canShareScreen } from '@/lib/voice/microphones';
import { useCameraNews } from '../camera/useCameraNews';
import { Dock } from './Dock';
import { PeopleDrawer } from './PeopleDrawer';
import styles from './Room.module.css';
import { RoomDialogs } from './RoomDialogs';
import { RoomNotices } from './RoomNotices';
import { RoomScene } from './RoomScene';
import { RoomStatus } from './RoomStatus';
import { RoomVeil } from './RoomVeil';
import type { RoomCommand } from './roomShortcuts';
import { Toasts } from './Toasts';
import { useCopyLink } from './useCopyLink';
import { useFiguresShown } from './useFiguresShown';
import { usePushToTalk } from './usePushToTalk';
import { useRoomNews } from './useRoomNews';
import { useRoomShortcuts } from './useRoomShortcuts';
import { useRoomView } from './useRoomView';
import { useToasts } from './useToasts';
import { useVoiceNews } from './useVoiceNews';

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
    share: () => seated && canShareScreen() && void voice.shareScreen(!voice.getSnapshot().isSharing),
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
    <main className={styles.room} data-quiet={quiet || undefined}>
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

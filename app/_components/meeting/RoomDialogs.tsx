'use client';

import type { MeetingSession, SessionSnapshot } from '@/app/_session/sessionContract';
import { EndDialog } from './EndDialog';
import { ShortcutsDialog } from './ShortcutsDialog';
import type { RoomControls } from './useRoomView';

interface RoomDialogsProps {
  readonly session: MeetingSession;
  readonly snapshot: SessionSnapshot;
  readonly controls: RoomControls;
  say(text: string): void;
}

/** The dialogs of the room, one at a time. */
export function RoomDialogs({ session, snapshot, controls, say }: RoomDialogsProps) {
  switch (controls.view.panel) {
    case 'end':
      return (
        <EndDialog session={session} people={snapshot.meeting?.people.length ?? 0} onClose={controls.close} say={say} />
      );
    case 'shortcuts':
      return <ShortcutsDialog onClose={controls.close} />;
    default:
      return null;
  }
}

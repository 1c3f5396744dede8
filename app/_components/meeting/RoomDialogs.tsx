'use client';

import type { MeetingSession, SessionSnapshot } from '@/app/_session/sessionContract';
import { AppearanceDialog } from './AppearanceDialog';
import { EndDialog } from './EndDialog';
import { SharedScreenOverlay } from './SharedScreenOverlay';
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
    case 'appearance':
      return snapshot.self?.role === 'participant' ? (
        <AppearanceDialog session={session} worn={snapshot.self} onClose={controls.close} />
      ) : null;
    case 'shortcuts':
      return <ShortcutsDialog hasSeat={snapshot.self?.role === 'participant'} onClose={controls.close} />;
    case 'screen':
      return <SharedScreenOverlay voice={session.voice} snapshot={snapshot} onClose={controls.close} />;
    default:
      return null;
  }
}

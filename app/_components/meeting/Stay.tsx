'use client';

import { useState } from 'react';
import type { JoinChoice, MeetingSession, SessionFailure, SessionSnapshot } from '@/app/_session/sessionContract';
import type { MeetingRole } from '@/lib/core/meeting';
import { motionAsLast } from '../camera/motionAsLast';
import { FailureScreen } from '../states/FailureScreen';
import { LeftScreen } from '../states/LeftScreen';
import { Room } from './Room';
import type { StayRequest } from './useMeetingSession';
import { useVisit } from './useVisit';

interface StayProps {
  readonly session: MeetingSession;
  readonly snapshot: SessionSnapshot;
  readonly meetingId: string;
  readonly meetingRole: MeetingRole;
  /** What the session joined with; null where it did not get so far. */
  readonly choice: JoinChoice | null;
  onStay(request: StayRequest): void;
}

/** One stay behind the lobby, to its end: picks the screen for where the session stands. */
export function Stay({ session, snapshot, meetingId, meetingRole: role, choice, onStay }: StayProps) {
  const [left, setLeft] = useState(false);
  useVisit(meetingId, role, snapshot);

  const leave = () => {
    setLeft(true);
    void session.leave();
  };
  // Microphone, camera and looks as they were last, not as they were in the lobby: nobody is heard again by surprise.
  const again = () =>
    onStay({
      choice: choice && {
        ...choice,
        ...(snapshot.self?.role === 'participant' && { name: snapshot.self.name, avatar: snapshot.self.avatar }),
        microphone: session.voice.choice,
        motion: motionAsLast(choice.motion, session.webcam.getSnapshot()),
      },
    });

  const failed = (failure: SessionFailure) => (
    <FailureScreen
      failure={failure}
      meetingId={meetingId}
      onAgain={again}
      onLobby={() => onStay({ choice: role === 'spectator' ? choice : null })}
    />
  );

  if (left) return <LeftScreen meetingRole={role} onRejoin={again} />;
  switch (snapshot.phase) {
    case 'lobby':
    case 'failed':
      return failed(snapshot.failure ?? { reason: 'unavailable' });
    case 'connecting':
    case 'live':
    case 'reconnecting':
      return <Room session={session} snapshot={snapshot} meetingId={meetingId} meetingRole={role} onLeave={leave} />;
    case 'ended':
      return failed({ reason: 'ended' });
  }
}

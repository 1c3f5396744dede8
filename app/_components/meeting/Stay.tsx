'use client';

import dynamic from 'next/dynamic';
import { useEffect, useState } from 'react';
import type { JoinChoice, MeetingSession, SessionFailure } from '@/app/_session/sessionContract';
import type { MeetingRole } from '@/lib/core/meeting';
import { Lobby } from '../lobby/Lobby';
import { FailureScreen } from '../states/FailureScreen';
import { LeftScreen } from '../states/LeftScreen';
import { WaitingScreen } from '../states/WaitingScreen';
import type { MeetingLink } from './meetingLink';
import { type StayRequest, useSessionSnapshot } from './useMeetingSession';
import { useVisit } from './useVisit';

const loadRoom = () => import('./Room').then((module) => module.Room);

const Room = dynamic(loadRoom, { ssr: false, loading: () => <WaitingScreen /> });

/** Fetches the room while one still looks around the lobby, so that joining need not wait for it. */
function useRoomAhead(): void {
  // Where it does not come now, joining asks again and tells.
  useEffect(() => void loadRoom().catch(() => {}), []);
}

interface StayProps {
  readonly session: MeetingSession;
  readonly meetingId: string;
  readonly meetingRole: MeetingRole;
  readonly link: MeetingLink;
  /** The choice the session joined with at once, or null where the lobby came first. */
  readonly joined: JoinChoice | null;
  onStay(request: StayRequest): void;
}

/** One stay from the lobby to the end: picks the screen for where the session stands. */
export function Stay({ session, meetingId, meetingRole: role, link, joined, onStay }: StayProps) {
  const snapshot = useSessionSnapshot(session);
  const [choice, setChoice] = useState(joined);
  const [left, setLeft] = useState(false);
  useVisit(meetingId, role, snapshot);
  useRoomAhead();

  const join = (chosen: JoinChoice) => {
    setChoice(chosen);
    void session.join(chosen);
  };
  const leave = () => {
    setLeft(true);
    void session.leave();
  };
  // The microphone as it was last, not as it was in the lobby: who had muted it is not heard again by surprise.
  const again = () => onStay({ choice: choice && { ...choice, microphone: session.voice.choice } });

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
      if (snapshot.failure) return failed(snapshot.failure);
      return <Lobby snapshot={snapshot} meetingId={meetingId} link={link} onJoin={join} />;
    case 'connecting':
    case 'live':
    case 'reconnecting':
      return <Room session={session} snapshot={snapshot} meetingId={meetingId} meetingRole={role} onLeave={leave} />;
    case 'ended':
      return failed({ reason: 'ended' });
    case 'failed':
      return failed(snapshot.failure ?? { reason: 'unavailable' });
  }
}

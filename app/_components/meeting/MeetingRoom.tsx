'use client';

import { useState } from 'react';
import { useLater } from '@/app/_hooks/useLater';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import { recallLobby } from '@/app/_memory/lobbyMemory';
import type { MeetingLookup } from '@/app/_session/lookUp';
import type { JoinChoice } from '@/app/_session/sessionContract';
import type { MeetingRole } from '@/lib/core/meeting';
import { Lobby } from '../lobby/Lobby';
import { BrowserGate } from '../states/BrowserGate';
import { WaitingScreen } from '../states/WaitingScreen';
import type { MeetingLink } from './meetingLink';
import type { MeetingParts } from './meetingParts';
import { type StayRequest, useMeetingSession, useSessionSnapshot } from './useMeetingSession';

interface MeetingRoomProps {
  readonly meetingId: string;
  readonly meetingRole: MeetingRole;
  readonly link: MeetingLink;
  /** What the server found of the meeting, so that the lobby need not ask. */
  readonly found?: MeetingLookup;
}

const loadParts = (): Promise<MeetingParts> => import('./meetingParts');

interface StaysProps extends MeetingRoomProps {
  readonly parts: MeetingParts | null;
  first(): StayRequest;
}

/** One stay after another, each with a session of its own; the lobby stands before the session does. */
function Stays({ meetingId, meetingRole, link, parts, first }: StaysProps) {
  const [request, setRequest] = useState(first);
  const [chosen, setChosen] = useState<JoinChoice | null>(null);
  const session = useMeetingSession(meetingId, request, parts);
  const snapshot = useSessionSnapshot(session);
  const { meeting, failure } = snapshot ?? request.found ?? { meeting: null, failure: null };

  const join = (choice: JoinChoice) => {
    setChosen(choice);
    if (session) void session.join(choice);
    else setRequest({ choice });
  };

  if (!request.choice && !failure && (snapshot?.phase ?? 'lobby') === 'lobby') {
    return <Lobby meeting={meeting} meetingId={meetingId} link={link} onJoin={join} />;
  }
  if (!parts || !session || !snapshot) return <WaitingScreen />;
  return (
    <parts.Stay
      session={session}
      snapshot={snapshot}
      meetingId={meetingId}
      meetingRole={meetingRole}
      choice={request.choice ?? chosen}
      onStay={setRequest}
    />
  );
}

/** A meeting's page: by the lobby, or at once where one only watches or the link says so. */
export function MeetingRoom(props: MeetingRoomProps) {
  const { t } = useTranslator();
  const { meetingRole, link, found } = props;
  const parts = useLater(loadParts);
  const byLobby = () => ({ choice: null, found });
  const atOnce = ({ firstChoice, recallVoice }: MeetingParts) => ({
    choice: firstChoice(meetingRole, link, { ...recallLobby(), ...recallVoice() }, t('lobby.guest')),
  });
  const comesByLobby = meetingRole === 'participant' && !link.autojoin;
  const first = comesByLobby ? byLobby : parts && (() => atOnce(parts));
  return <BrowserGate>{first ? <Stays {...props} parts={parts} first={first} /> : <WaitingScreen />}</BrowserGate>;
}

'use client';

import { useEffect, useState } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import { recallLobby } from '@/app/_memory/lobbyMemory';
import { recallVoice } from '@/app/_memory/voiceMemory';
import type { MeetingRole } from '@/lib/core/meeting';
import { BrowserGate } from '../states/BrowserGate';
import { WaitingScreen } from '../states/WaitingScreen';
import { firstChoice } from './firstStay';
import type { MeetingLink } from './meetingLink';
import { Stay } from './Stay';
import { type StayRequest, useMeetingSession } from './useMeetingSession';

interface MeetingRoomProps {
  readonly meetingId: string;
  readonly meetingRole: MeetingRole;
  readonly link: MeetingLink;
}

function SessionKeeper({ meetingId, meetingRole: role, link, request, onRequest }: MeetingRoomProps & StayState) {
  const session = useMeetingSession(meetingId, role, request);
  if (!session) return <WaitingScreen />;
  return (
    <Stay
      session={session}
      meetingId={meetingId}
      meetingRole={role}
      link={link}
      joined={request.choice}
      onStay={onRequest}
    />
  );
}

interface StayState {
  readonly request: StayRequest;
  onRequest(request: StayRequest): void;
}

/** A meeting's page: one stay after another, each with a session of its own. */
export function MeetingRoom(props: MeetingRoomProps) {
  const { t } = useTranslator();
  const [request, setRequest] = useState<StayRequest | null>(null);
  // What is remembered is only known in the browser, so the first stay begins after the first pass.
  useEffect(() => {
    setRequest(
      (current) =>
        current ?? {
          choice: firstChoice(props.meetingRole, props.link, { ...recallLobby(), ...recallVoice() }, t('lobby.guest')),
        },
    );
  }, [props.meetingRole, props.link, t]);
  return (
    <BrowserGate>
      {request ? <SessionKeeper {...props} request={request} onRequest={setRequest} /> : <WaitingScreen />}
    </BrowserGate>
  );
}

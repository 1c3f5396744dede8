'use client';

import { type ReactNode, useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { useLater } from '@/app/_hooks/useLater';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import { recallLobby } from '@/app/_memory/lobbyMemory';
import type { MeetingLookup } from '@/app/_session/lookUp';
import type { JoinChoice, MeetingSession, SessionSnapshot } from '@/app/_session/sessionContract';
import type { MeetingRole } from '@/lib/core/meeting';
import { Lobby } from '../lobby/Lobby';
import { StateScreen, WaitingScreen } from '../page/StateScreen';
import type { MeetingLink } from './meetingLink';
import type { MeetingParts } from './meetingParts';

const never = () => () => {};

/** False on the server and in the browser's first pass, true afterwards: for what only the browser can know. */
function useHydrated(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}

/** Whether this browser has what a meeting needs besides 3D; the newest of it is `Intl.Segmenter` (Firefox 125). */
function isBrowserCurrent(): boolean {
  return (
    typeof WebSocket === 'function' &&
    typeof structuredClone === 'function' &&
    'Segmenter' in Intl &&
    typeof String.prototype.toWellFormed === 'function'
  );
}

/** Lets current browsers in once the page runs; tells people with an old one which would do. */
function BrowserGate({ children }: { children: ReactNode }) {
  const { t } = useTranslator();
  const hydrated = useHydrated();
  if (!hydrated) return <WaitingScreen />;
  if (!isBrowserCurrent()) return <StateScreen story="outline" sentence={t('failure.oldBrowser')} />;
  return children;
}

/** Asks for an attendance: with a choice it joins at once, without one it first looks the meeting up, unless `found` has it. */
export interface AttendanceRequest {
  readonly choice: JoinChoice | null;
  readonly found?: MeetingLookup;
}

/** One session for each `request` object, left when the page goes or the request changes. Null until `parts` has loaded. */
function useMeetingSession(
  meetingId: string,
  request: AttendanceRequest,
  parts: MeetingParts | null,
): MeetingSession | null {
  const [session, setSession] = useState<MeetingSession | null>(null);
  useEffect(() => {
    if (!parts) return;
    const made = parts.createMeetingSession(meetingId, request.found);
    setSession(made);
    if (request.choice) void made.join(request.choice);
    else if (!request.found) void made.look();
    return () => {
      setSession(null);
      void made.leave();
    };
  }, [meetingId, request, parts]);
  return session;
}

/** The state of a session; null without one. */
function useSessionSnapshot(session: MeetingSession | null): SessionSnapshot | null {
  const subscribe = useCallback((listener: () => void) => (session ? session.subscribe(listener) : never()), [session]);
  const read = () => session?.getSnapshot() ?? null;
  return useSyncExternalStore(subscribe, read, read);
}

interface MeetingPageProps {
  readonly meetingId: string;
  readonly meetingRole: MeetingRole;
  readonly link: MeetingLink;
  /** The meeting as the server found it, so that the lobby need not ask. */
  readonly found?: MeetingLookup;
}

const loadParts = (): Promise<MeetingParts> => import('./meetingParts');

interface AttendancesProps extends MeetingPageProps {
  readonly parts: MeetingParts | null;
  first(): AttendanceRequest;
}

/** One attendance after another, each with its own session. The lobby shows before there is a session. */
function Attendances({ meetingId, meetingRole, link, parts, first }: AttendancesProps) {
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
    <parts.Attendance
      session={session}
      snapshot={snapshot}
      meetingId={meetingId}
      meetingRole={meetingRole}
      choice={request.choice ?? chosen}
      link={link}
      onAttend={setRequest}
    />
  );
}

/** A meeting's page: starts in the lobby, or joins at once for spectators and where the link says so. */
export function MeetingPage(props: MeetingPageProps) {
  const { t } = useTranslator();
  const { meetingRole, link, found } = props;
  const parts = useLater(loadParts);
  const byLobby = () => ({ choice: null, found });
  const atOnce = ({ firstChoice, recallVoice }: MeetingParts) => ({
    choice: firstChoice(meetingRole, link, { ...recallLobby(), ...recallVoice() }, t('lobby.guest')),
  });
  const comesByLobby = meetingRole === 'participant' && !link.autojoin;
  const first = comesByLobby ? byLobby : parts && (() => atOnce(parts));
  return (
    <BrowserGate>{first ? <Attendances {...props} parts={parts} first={first} /> : <WaitingScreen />}</BrowserGate>
  );
}

'use client';

import { useEffect, useState } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { MessageKey } from '@/app/_i18n/messages';
import type { Translator } from '@/app/_i18n/translator';
import { recentMeetings } from '@/app/_memory/recentMeetings';
import type {
  JoinChoice,
  MeetingSession,
  SessionFailure,
  SessionFailureReason,
  SessionSnapshot,
} from '@/app/_session/sessionContract';
import type { MeetingRole } from '@/lib/core/meeting';
import { meetingPath } from '@/lib/core/meetingId';
import type { MarkStory } from '../brand/Mark';
import { StateScreen } from '../page/StateScreen';
import { Button, ButtonLink } from '../ui/Button';
import styles from './Attendance.module.css';
import { motionAsLast } from './joinChoice';
import { LiveMeeting } from './LiveMeeting';
import type { AttendanceRequest } from './MeetingPage';
import type { MeetingLink } from './meetingLink';

/** Where the only action of a failure screen leads. */
type FailureAction = 'watch' | 'live' | 'home' | 'again' | 'lobby';

/** How a failure is shown. */
interface FailurePlan {
  readonly story: MarkStory;
  readonly action: FailureAction;
  readonly label: MessageKey;
}

const RETRY: FailurePlan = { story: 'apart', action: 'again', label: 'common.retry' };
const REJOIN: FailurePlan = { story: 'apart', action: 'again', label: 'action.rejoin' };
const LOBBY: FailurePlan = { story: 'outline', action: 'lobby', label: 'action.lobby' };

/** The picture and the action for every reason. */
const FAILURE_PLANS: Readonly<Record<SessionFailureReason, FailurePlan>> = {
  notFound: { story: 'missing', action: 'home', label: 'action.newMeeting' },
  ended: { story: 'away', action: 'home', label: 'action.newMeeting' },
  full: { story: 'full', action: 'watch', label: 'action.watch' },
  replaced: { story: 'away', action: 'again', label: 'action.useHere' },
  tokenInvalid: REJOIN,
  tokenExpired: REJOIN,
  jitsiRefused: REJOIN,
  jitsiLost: REJOIN,
  jitsiUnreachable: RETRY,
  unavailable: RETRY,
  offline: RETRY,
  tooManyRequests: RETRY,
  exists: LOBBY,
  forbidden: { story: 'missing', action: 'home', label: 'common.home' },
  badInput: LOBBY,
  motionUnreadable: LOBBY,
};

/** For a spectator whom a full meeting refuses. */
const WATCH_LIVE: FailurePlan = { story: 'full', action: 'live', label: 'live.watch' };

/** The sentence for a failure. */
function failureSentence(
  { t, count }: Pick<Translator, 't' | 'count'>,
  failure: SessionFailure,
  isWatching: boolean,
): string {
  if (failure.reason === 'full' && isWatching) return t('live.watchedByMany');
  if (failure.reason === 'full') return count('failure.full', failure.limit ?? 0);
  if (failure.cannotSave) return t('failure.cannotSave');
  if (failure.reason === 'motionUnreadable' && failure.line !== undefined) {
    return t('failure.motionUnreadableLine', { line: failure.line, detail: failure.detail ?? '' });
  }
  return t(failure.refusal ? `refusal.${failure.refusal}` : `failure.${failure.reason}`);
}

/** What Jitsi said itself, for those who look into it; null if it said nothing. */
function serversWords({ t }: Pick<Translator, 't'>, { reason, refusal, detail }: SessionFailure): string | null {
  const isJitsis = refusal !== undefined || reason === 'jitsiUnreachable' || reason === 'jitsiRefused';
  return isJitsis && detail ? t('refusal.serverSays', { detail }) : null;
}

interface FailureScreenProps {
  readonly failure: SessionFailure;
  readonly meetingId: string;
  readonly meetingRole: MeetingRole;
  /** Tries again with the same choice. */
  onAgain(): void;
  /** Goes back to the lobby. */
  onLobby(): void;
}

/** Why the attendance failed, and the one thing to do about it. */
function FailureScreen({ failure, meetingId, meetingRole, onAgain, onLobby }: FailureScreenProps) {
  const translator = useTranslator();
  const isWatching = meetingRole === 'spectator';
  const plan = isWatching && failure.reason === 'full' ? WATCH_LIVE : FAILURE_PLANS[failure.reason];
  const label = translator.t(plan.label);
  const action = {
    watch: () => (
      <ButtonLink tone="accent" href={meetingPath(meetingId, 'spectator')}>
        {label}
      </ButtonLink>
    ),
    live: () => (
      <ButtonLink tone="accent" href={`/m/${meetingId}/live`}>
        {label}
      </ButtonLink>
    ),
    home: () => (
      <ButtonLink tone="accent" href="/">
        {label}
      </ButtonLink>
    ),
    again: () => (
      <Button tone="accent" onClick={onAgain}>
        {label}
      </Button>
    ),
    lobby: () => (
      <Button tone="accent" onClick={onLobby}>
        {label}
      </Button>
    ),
  }[plan.action]();
  const words = serversWords(translator, failure);
  const belowSentence = (
    <>
      {words && <p className={styles.words}>{words}</p>}
      {action}
    </>
  );
  return (
    <StateScreen
      story={plan.story}
      sentence={failureSentence(translator, failure, isWatching)}
      action={belowSentence}
    />
  );
}

/** The screen after leaving, with the way back. */
function LeftScreen({ meetingRole: role, onRejoin }: { meetingRole: MeetingRole; onRejoin(): void }) {
  const { t } = useTranslator();
  const watched = role === 'spectator';
  return (
    <StateScreen
      story="away"
      sentence={t(watched ? 'left.sentenceWatch' : 'left.sentence')}
      action={
        <Button tone="accent" onClick={onRejoin}>
          {t(watched ? 'left.rejoinWatch' : 'left.rejoin')}
        </Button>
      }
    />
  );
}

/** Keeps the list of recent meetings and the title of the browser's tab up to date. */
function useVisit(meetingId: string, role: MeetingRole, { phase, failure, meeting }: SessionSnapshot): void {
  const { t } = useTranslator();
  const title = meeting?.title;
  useEffect(() => {
    if (phase === 'live' && role === 'participant') recentMeetings.visit(meetingId, title ?? '');
  }, [phase, role, meetingId, title]);

  const over = failure?.reason === 'ended' || failure?.reason === 'notFound';
  useEffect(() => {
    if (over) recentMeetings.remove(meetingId);
  }, [over, meetingId]);

  useEffect(() => {
    if (title === undefined) return;
    document.title = `${title || t('meeting.untitled')} · ${t('app.name')}`;
  }, [title, t]);
}

interface AttendanceProps {
  readonly session: MeetingSession;
  readonly snapshot: SessionSnapshot;
  readonly meetingId: string;
  readonly meetingRole: MeetingRole;
  /** What the session joined with; null if it never tried. */
  readonly choice: JoinChoice | null;
  readonly link: MeetingLink;
  onAttend(request: AttendanceRequest): void;
}

/** One attendance from leaving the lobby to its end: picks the screen for the session's phase. */
export function Attendance(props: AttendanceProps) {
  const { session, snapshot, meetingId, meetingRole: role, choice, link, onAttend } = props;
  // Kept by session: joining again replaces the session, not this component.
  const [left, setLeft] = useState<MeetingSession | null>(null);
  useVisit(meetingId, role, snapshot);

  const leave = () => {
    setLeft(session);
    void session.leave();
  };
  // Microphone, webcam and appearance as they were last, not as in the lobby, so that rejoining unmutes no one by surprise.
  const again = () =>
    onAttend({
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
      meetingRole={role}
      onAgain={again}
      onLobby={() => onAttend({ choice: role === 'spectator' ? choice : null })}
    />
  );

  if (left === session) return <LeftScreen meetingRole={role} onRejoin={again} />;
  switch (snapshot.phase) {
    case 'lobby':
    case 'failed':
      return failed(snapshot.failure ?? { reason: 'unavailable' });
    case 'connecting':
    case 'live':
    case 'reconnecting':
      return (
        <LiveMeeting
          session={session}
          snapshot={snapshot}
          meetingId={meetingId}
          meetingRole={role}
          offer={link.offer}
          onLeave={leave}
        />
      );
    case 'ended':
      return failed({ reason: 'ended' });
  }
}

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
import type { MarkStory } from '../brand/Mark';
import { StateScreen } from '../page/StateScreen';
import { Button, ButtonLink } from '../ui/Button';
import { motionAsLast } from './joinChoice';
import { Room } from './LiveMeeting';
import type { StayRequest } from './MeetingPage';
import { meetingPath } from './meetingLink';

/** Where the one action of a failure leads. */
type FailureAction = 'watch' | 'home' | 'again' | 'lobby';

/** How a failure is shown. */
export interface FailurePlan {
  readonly story: MarkStory;
  readonly action: FailureAction;
  readonly label: MessageKey;
}

const RETRY: FailurePlan = { story: 'apart', action: 'again', label: 'common.retry' };
const REJOIN: FailurePlan = { story: 'apart', action: 'again', label: 'action.rejoin' };
const LOBBY: FailurePlan = { story: 'outline', action: 'lobby', label: 'action.lobby' };

/** The picture and the action for every reason. */
export const FAILURE_PLANS: Readonly<Record<SessionFailureReason, FailurePlan>> = {
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
  forbidden: { story: 'missing', action: 'home', label: 'common.back' },
  badInput: LOBBY,
  motionUnreadable: LOBBY,
};

/** The sentence for a failure. */
export function failureSentence({ t, count }: Pick<Translator, 't' | 'count'>, failure: SessionFailure): string {
  if (failure.reason === 'full') return count('failure.full', failure.limit ?? 0);
  if (failure.reason === 'motionUnreadable' && failure.line !== undefined) {
    return t('failure.motionUnreadableLine', { line: failure.line, detail: failure.detail ?? '' });
  }
  return t(`failure.${failure.reason}`);
}

interface FailureScreenProps {
  readonly failure: SessionFailure;
  readonly meetingId: string;
  /** Tries the same again. */
  onAgain(): void;
  /** Goes back to the lobby. */
  onLobby(): void;
}

/** Why a stay is not possible, and the one thing to do about it. */
function FailureScreen({ failure, meetingId, onAgain, onLobby }: FailureScreenProps) {
  const translator = useTranslator();
  const plan = FAILURE_PLANS[failure.reason];
  const label = translator.t(plan.label);
  const action = {
    watch: () => (
      <ButtonLink tone="accent" href={meetingPath(meetingId, 'spectator')}>
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
  return <StateScreen story={plan.story} sentence={failureSentence(translator, failure)} action={action} />;
}

/** After leaving: calm, with the way back. */
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

/** Remembers a meeting one sat in, forgets one that is over, and names the browser's tab after it. */
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
    document.title = `${title || t('lobby.untitled')} · ${t('app.name')}`;
  }, [title, t]);
}

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

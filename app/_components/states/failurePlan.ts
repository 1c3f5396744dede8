import type { MessageKey } from '@/app/_i18n/messages';
import type { Translator } from '@/app/_i18n/translator';
import type { SessionFailure, SessionFailureReason } from '@/app/_session/sessionContract';
import type { MarkStory } from '../brand/MarkScene';

/** Where the one action of a failure leads. */
export type FailureAction = 'watch' | 'home' | 'again' | 'lobby';

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

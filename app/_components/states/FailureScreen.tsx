'use client';

import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { SessionFailure } from '@/app/_session/sessionContract';
import { meetingPath } from '../meeting/meetingLink';
import { Button, ButtonLink } from '../ui/Button';
import { FAILURE_PLANS, failureSentence } from './failurePlan';
import { StateScreen } from './StateScreen';

interface FailureScreenProps {
  readonly failure: SessionFailure;
  readonly meetingId: string;
  /** Tries the same again. */
  onAgain(): void;
  /** Goes back to the lobby. */
  onLobby(): void;
}

/** Why a stay is not possible, and the one thing to do about it. */
export function FailureScreen({ failure, meetingId, onAgain, onLobby }: FailureScreenProps) {
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

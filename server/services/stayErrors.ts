import { MeetingError } from '@/server/services/meetingError';
import type { EndedStay, StayEndReason, StayOutcome } from '@/server/store/meetingStore';

function overError(reason: StayEndReason): MeetingError {
  switch (reason) {
    case 'replaced':
      return MeetingError.replaced();
    case 'meetingEnded':
      return MeetingError.ended();
    case 'left':
    case 'timeout':
      return MeetingError.tokenExpired();
  }
}

/** The stay, where it is live. @throws MeetingError `tokenInvalid`, `tokenExpired`, `replaced` or `ended` otherwise. */
export function requireLive(outcome: StayOutcome): EndedStay {
  if (outcome.kind === 'live') return outcome.stay;
  throw outcome.kind === 'over' ? overError(outcome.reason) : MeetingError.tokenInvalid();
}

import { MeetingError } from '@/server/services/meetingError';
import { StoreError } from '@/server/store/storeError';

/** An expected failure of a service as a refusal with a reason; null for anything else, which is a fault of ours. */
export function toMeetingError(error: unknown): MeetingError | null {
  if (error instanceof MeetingError) return error;
  return error instanceof StoreError ? MeetingError.unavailable(error) : null;
}

import type { Caller } from '@/server/services/caller';
import type { MeetingService } from '@/server/services/meetingService';

/** What every procedure of the API is given. */
export interface Context {
  readonly caller: Caller;
  readonly meetings: MeetingService;
}

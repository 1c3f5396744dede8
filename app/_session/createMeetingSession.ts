import type { MeetingRole } from '@/lib/core/meeting';
import { forgetHostToken, hostTokenOf } from './hostTokens';
import { installInspection } from './inspection';
import { BrowserMeetingSession } from './meetingSession';
import { parleyClient } from './parleyClient';
import type { MeetingSession } from './sessionContract';
import { tabIdentity } from './tabIdentity';

/** Makes the session of a meeting's page and offers it to `parley.stats()`. In the browser only. */
export function createMeetingSession({ meetingId }: { meetingId: string; role: MeetingRole }): MeetingSession {
  const session = new BrowserMeetingSession({
    meetingId,
    client: parleyClient(),
    identity: tabIdentity(),
    hostToken: hostTokenOf(meetingId),
    onEndedByHost: () => forgetHostToken(meetingId),
  });
  installInspection(() => session.stats());
  return session;
}

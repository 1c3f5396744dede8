import { forgetHostToken, hostTokenOf } from './hostTokens';
import { installInspection } from './inspection';
import type { MeetingLookup } from './lookUp';
import { BrowserMeetingSession } from './meetingSession';
import { parleyClient } from './parleyClient';
import type { MeetingSession } from './sessionContract';
import { tabIdentity } from './tabIdentity';
import { pageWebcam } from './webcamSession';

/** Makes the session of a meeting's page and offers it to `parley.stats()`. In the browser only. */
export function createMeetingSession(meetingId: string, found?: MeetingLookup): MeetingSession {
  const session = new BrowserMeetingSession({
    meetingId,
    client: parleyClient(),
    identity: tabIdentity(),
    hostToken: hostTokenOf(meetingId),
    found,
    webcam: pageWebcam(),
    onEndedByHost: () => forgetHostToken(meetingId),
  });
  installInspection(() => session.stats());
  return session;
}

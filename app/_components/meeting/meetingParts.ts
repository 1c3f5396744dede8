/**
 * What joining needs and the lobby does not: loaded while the lobby is in use, so that the lobby appears early and joining
 * need not wait.
 */
import { installInspection } from '@/app/_session/inspection';
import { forgetHostToken, hostTokenOf, tabIdentity } from '@/app/_session/keptSecrets';
import type { MeetingLookup } from '@/app/_session/lookUp';
import { BrowserMeetingSession } from '@/app/_session/meetingSession';
import { parleyClient } from '@/app/_session/parleyClient';
import type { MeetingSession } from '@/app/_session/sessionContract';
import { pageWebcam } from '@/app/_session/webcamSession';

export { recallVoice } from '@/app/_memory/voiceMemory';
export { Attendance } from './Attendance';
export { firstChoice } from './joinChoice';

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

export type MeetingParts = typeof import('./meetingParts');

/**
 * What joining needs and the lobby does not: loaded while the lobby is in use, so that the lobby appears early and joining
 * need not wait.
 */
export { recallVoice } from '@/app/_memory/voiceMemory';

export { createMeetingSession } from '@/app/_session/meetingSession';
export { Attendance } from './Attendance';

export { firstChoice } from './joinChoice';

export type MeetingParts = typeof import('./meetingParts');

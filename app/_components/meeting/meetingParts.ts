/**
 * What joining takes and the lobby does not: fetched while one still looks around, so that the lobby stands early and
 * joining need not wait.
 */
export { recallVoice } from '@/app/_memory/voiceMemory';
export { createMeetingSession } from '@/app/_session/meetingSession';
export { Stay } from './Attendance';
export { firstChoice } from './joinChoice';

export type MeetingParts = typeof import('./meetingParts');

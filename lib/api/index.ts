export { type Every, MeetingStay, type MeetingStayEvents } from '@/lib/api/meetingStay';
export { ParleyApiError, type ParleyApiErrorReason, toParleyApiError } from '@/lib/api/parleyApiError';
export {
  type AvatarApi,
  type ChangeMeetingInput,
  type CreatedMeeting,
  type CreateMeetingInput,
  createParleyClient,
  type EndMeetingInput,
  type EventsConnection,
  type GetMeetingInput,
  type HeartbeatInput,
  type JoinMeetingInput,
  type LeaveMeetingInput,
  type MeetingApi,
  type MeetingEventsInput,
  type MeetingEventsObserver,
  type ParleyClient,
  type ParleyClientOptions,
} from '@/lib/api/parleyClient';
export type {
  AgreeToRecordingInput,
  PermitRecordingInput,
  RecordingApi,
  RecordingInput,
  SharedRecording,
  ShareRecordingInput,
} from '@/lib/api/recordingApi';
export type { UploadAvatarOptions, UploadChoice } from '@/lib/api/uploadAvatar';

import { recallWebcam } from '@/app/_memory/webcamMemory';
import type { MotionChoice } from '@/app/_session/sessionContract';
import type { MeetingLink } from '../meeting/meetingLink';

/** What moves one at first: what the link says, the camera where one sat down with it last, or nothing but oneself. */
export function firstMotion(link: MeetingLink, remembered = recallWebcam()): MotionChoice {
  if (link.motionUrl) return { kind: 'bvhUrl', url: link.motionUrl };
  // A page that joins by itself asks for a camera only where its link says so.
  const isWanted = link.camera || (remembered.isWanted && !link.autojoin);
  return isWanted ? { kind: 'camera', deviceId: remembered.deviceId } : { kind: 'idle' };
}

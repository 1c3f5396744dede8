'use client';

import type { RefObject } from 'react';
import type { MotionChoice } from '@/app/_session/sessionContract';
import type { MeetingLink } from '../meeting/meetingLink';
import { type MicrophoneHandle, MicrophonePicker } from './MicrophonePicker';
import { MotionPicker } from './MotionPicker';
import type { MotionPreview } from './usePreviewSource';

export interface LobbyOptionsProps {
  readonly link: MeetingLink;
  readonly motion: MotionChoice;
  readonly preview: MotionPreview;
  readonly microphone: RefObject<MicrophoneHandle | null>;
  onMotion(motion: MotionChoice): void;
}

/** What one may choose but need not: microphone and motion. Fetched after the lobby stands. */
export function LobbyOptions({ link, motion, preview, microphone, onMotion }: LobbyOptionsProps) {
  return (
    <>
      <MicrophonePicker ref={microphone} linked={link.microphone} />
      <MotionPicker motion={motion} preview={preview} onChange={onMotion} />
    </>
  );
}

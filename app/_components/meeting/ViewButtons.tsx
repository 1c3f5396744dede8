'use client';

import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { MessageKey } from '@/app/_i18n/messages';
import type { MeetingRole } from '@/lib/core/meeting';
import type { CameraMode } from '@/scene/react/sceneContract';
import type { IconName } from '../icons/iconShapes';
import { DockButton } from './DockButton';
import { MOOD_LABEL } from './moodLabel';
import type { RoomControls } from './useRoomView';

const CAMERA_LOOK: Readonly<Record<CameraMode, { icon: IconName; label: MessageKey }>> = {
  orbit: { icon: 'orbit', label: 'dock.cameraOrbit' },
  overTable: { icon: 'overTable', label: 'dock.cameraOverTable' },
  speaker: { icon: 'speaker', label: 'dock.cameraSpeaker' },
  firstPerson: { icon: 'seatView', label: 'dock.cameraFirstPerson' },
  free: { icon: 'freeView', label: 'dock.cameraFree' },
};

/** The buttons that change the picture: oneself, the camera, the light. Each shows what is, and goes on to the next. */
export function ViewButtons({ meetingRole, controls }: { meetingRole: MeetingRole; controls: RoomControls }) {
  const { t } = useTranslator();
  const { showSelf, camera, mood } = controls.view;
  const look = CAMERA_LOOK[camera];
  return (
    <>
      {meetingRole === 'participant' && (
        <DockButton
          icon={showSelf ? 'selfShown' : 'selfHidden'}
          label={t(showSelf ? 'dock.hideSelf' : 'dock.showSelf')}
          shortcut="V"
          roomy
          onClick={controls.toggleSelf}
        />
      )}
      <DockButton icon={look.icon} label={t(look.label)} shortcut="C" onClick={controls.nextCamera} />
      <DockButton icon={mood} label={t(MOOD_LABEL[mood])} shortcut="L" roomy onClick={controls.nextMood} />
    </>
  );
}

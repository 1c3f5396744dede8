'use client';

import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { VoiceSession } from '@/app/_session/voiceContract';
import { canShareScreen } from '@/lib/voice/microphones';
import { useVoice } from '../voice/useVoice';
import { MenuItem } from './MenuItem';
import { MOOD_LABEL } from './moodLabel';
import type { RoomControls } from './useRoomView';

interface NarrowItemsProps {
  readonly hasSeat: boolean;
  /** Whether there is a picture whose view can be changed. */
  readonly drawn: boolean;
  readonly controls: RoomControls;
  readonly voice: VoiceSession;
}

/** What the dock has no room for on a narrow screen. */
export function NarrowItems({ hasSeat, drawn, controls, voice }: NarrowItemsProps) {
  const { t } = useTranslator();
  const { isSharing } = useVoice(voice);
  const { showSelf, mood } = controls.view;
  const share = () => {
    controls.close();
    void voice.shareScreen(!isSharing);
  };
  return (
    <>
      {hasSeat && canShareScreen() && (
        <MenuItem
          narrow
          icon={isSharing ? 'screenOff' : 'screen'}
          label={t(isSharing ? 'dock.stopSharing' : 'dock.share')}
          onPick={share}
        />
      )}
      {hasSeat && drawn && (
        <MenuItem
          narrow
          icon={showSelf ? 'selfShown' : 'selfHidden'}
          label={t(showSelf ? 'dock.hideSelf' : 'dock.showSelf')}
          onPick={controls.toggleSelf}
        />
      )}
      {drawn && <MenuItem narrow icon={mood} label={t(MOOD_LABEL[mood])} onPick={controls.nextMood} />}
    </>
  );
}

'use client';

import { useTranslator } from '@/app/_i18n/I18nProvider';
import { MASTER_MAX } from '@/app/_memory/voiceMemory';
import type { VoiceSession } from '@/app/_session/voiceContract';
import { Icon } from '../icons/Icon';
import { MicrophoneSelect } from '../voice/MicrophoneSelect';
import { useVoice } from '../voice/useVoice';
import { VolumeSlider } from '../voice/VolumeSlider';
import styles from './SoundItems.module.css';

/** The sound of the menu: how loud everybody is, and on a seat which microphone is sent. */
export function SoundItems({ voice, hasSeat }: { voice: VoiceSession; hasSeat: boolean }) {
  const { t } = useTranslator();
  const { master, devices, deviceId, microphone } = useVoice(voice);
  return (
    <>
      <li className={styles.item}>
        <Icon name={master === 0 ? 'volumeOff' : 'volume'} sizePx={20} />
        <VolumeSlider
          label={t('more.volume')}
          volume={master}
          most={MASTER_MAX}
          onChange={(volume) => voice.setMaster(volume)}
        />
      </li>
      {hasSeat && microphone !== 'off' && devices.length > 0 && (
        <li className={styles.select}>
          <MicrophoneSelect
            devices={devices}
            deviceId={deviceId}
            onPick={(picked) => void voice.takeMicrophone(picked)}
          />
        </li>
      )}
    </>
  );
}

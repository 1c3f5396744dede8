'use client';

import { useTranslator } from '@/app/_i18n/I18nProvider';
import { knownDevice } from '@/lib/core/inputDevices';
import type { MicrophoneDevice } from '@/lib/voice/microphoneList';
import { Icon } from '../icons/Icon';
import styles from './MicrophoneSelect.module.css';

interface MicrophoneSelectProps {
  readonly devices: readonly MicrophoneDevice[];
  readonly deviceId: string;
  onPick(deviceId: string): void;
}

/** Which microphone: the browser's own list, which every phone knows how to show. */
export function MicrophoneSelect({ devices, deviceId, onPick }: MicrophoneSelectProps) {
  const { t } = useTranslator();
  const picked = knownDevice(deviceId, devices);
  return (
    <span className={styles.place}>
      <span className={styles.icon}>
        <Icon name="microphone" sizePx={20} />
      </span>
      <select
        className={styles.select}
        aria-label={t('microphone.device')}
        value={picked}
        onChange={(event) => onPick(event.target.value)}
      >
        <option value="">{t('microphone.byDefault')}</option>
        {devices.map((device, at) => (
          <option key={device.deviceId} value={device.deviceId}>
            {device.label || t('microphone.unnamed', { number: at + 1 })}
          </option>
        ))}
      </select>
      <span className={styles.arrow}>
        <Icon name="chevronDown" sizePx={16} />
      </span>
    </span>
  );
}

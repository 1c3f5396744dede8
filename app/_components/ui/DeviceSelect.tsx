'use client';

import { useTranslator } from '@/app/_i18n/I18nProvider';
import { type Device, knownDevice } from '@/lib/devices/deviceManager';
import { Icon, type IconName } from '../icons/Icon';
import styles from './DeviceSelect.module.css';

interface DeviceSelectProps {
  readonly icon: IconName;
  readonly label: string;
  /** The name of the browser's own choice. */
  readonly byDefault: string;
  readonly devices: readonly Device[];
  readonly deviceId: string;
  /** The name of a device for which the browser has none; `number` counts from 1. */
  nameOf(number: number): string;
  onPick(deviceId: string): void;
}

/** Chooses a device from a native list, which every phone shows well. */
function DeviceSelect({ icon, label, byDefault, devices, deviceId, nameOf, onPick }: DeviceSelectProps) {
  return (
    <span className={styles.place}>
      <span className={styles.icon}>
        <Icon name={icon} sizePx={20} />
      </span>
      <select
        className={styles.select}
        aria-label={label}
        value={knownDevice(deviceId, devices)}
        onChange={(event) => onPick(event.target.value)}
      >
        <option value="">{byDefault}</option>
        {devices.map((device, at) => (
          <option key={device.deviceId} value={device.deviceId}>
            {device.label || nameOf(at + 1)}
          </option>
        ))}
      </select>
      <span className={styles.arrow}>
        <Icon name="chevronDown" sizePx={16} />
      </span>
    </span>
  );
}

interface WebcamSelectProps {
  readonly devices: readonly Device[];
  readonly deviceId: string;
  onPick(deviceId: string): void;
}

/** Chooses a webcam. */
export function WebcamSelect(props: WebcamSelectProps) {
  const { t } = useTranslator();
  return (
    <DeviceSelect
      icon="webcam"
      label={t('webcam.device')}
      byDefault={t('webcam.byDefault')}
      nameOf={(number) => t('webcam.unnamed', { number })}
      {...props}
    />
  );
}

interface MicrophoneSelectProps {
  readonly devices: readonly Device[];
  readonly deviceId: string;
  onPick(deviceId: string): void;
}

/** Chooses a microphone. */
export function MicrophoneSelect(props: MicrophoneSelectProps) {
  const { t } = useTranslator();
  return (
    <DeviceSelect
      icon="microphone"
      label={t('microphone.device')}
      byDefault={t('microphone.byDefault')}
      nameOf={(number) => t('microphone.unnamed', { number })}
      {...props}
    />
  );
}

'use client';

import { useTranslator } from '@/app/_i18n/I18nProvider';
import { type Device, knownDevice } from '@/lib/devices/deviceManager';
import { Icon, type IconName } from '../icons/Icon';
import styles from './DeviceSelect.module.css';

interface DeviceSelectProps {
  readonly icon: IconName;
  readonly label: string;
  /** What the browser's own choice is called. */
  readonly byDefault: string;
  readonly devices: readonly Device[];
  readonly deviceId: string;
  /** What a device is called that the browser has no name for, by its number from 1. */
  nameOf(number: number): string;
  onPick(deviceId: string): void;
}

/** Which of several devices: the browser's own list, which every phone knows how to show. */
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

interface CameraSelectProps {
  readonly devices: readonly Device[];
  readonly deviceId: string;
  onPick(deviceId: string): void;
}

/** Which camera. */
export function CameraSelect(props: CameraSelectProps) {
  const { t } = useTranslator();
  return (
    <DeviceSelect
      icon="webcam"
      label={t('camera.device')}
      byDefault={t('camera.byDefault')}
      nameOf={(number) => t('camera.unnamed', { number })}
      {...props}
    />
  );
}

interface MicrophoneSelectProps {
  readonly devices: readonly Device[];
  readonly deviceId: string;
  onPick(deviceId: string): void;
}

/** Which microphone. */
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

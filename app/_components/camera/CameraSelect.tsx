'use client';

import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { InputDevice } from '@/lib/core/inputDevices';
import { DeviceSelect } from '../ui/DeviceSelect';

interface CameraSelectProps {
  readonly devices: readonly InputDevice[];
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

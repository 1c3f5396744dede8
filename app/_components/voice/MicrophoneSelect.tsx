'use client';

import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { MicrophoneDevice } from '@/lib/voice/microphoneList';
import { DeviceSelect } from '../ui/DeviceSelect';

interface MicrophoneSelectProps {
  readonly devices: readonly MicrophoneDevice[];
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

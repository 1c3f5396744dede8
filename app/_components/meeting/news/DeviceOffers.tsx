'use client';

import { useState } from 'react';
import { useSnapshot } from '@/app/_hooks/useSnapshot';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { VoiceSession } from '@/app/_session/voiceContract';
import type { WebcamSession } from '@/app/_session/webcamSession';
import { Icon, type IconName } from '../../icons/Icon';
import { IconButton } from '../../ui/IconButton';
import type { DeviceOffer } from '../meetingLink';
import styles from './Notices.module.css';

interface OfferProps {
  readonly icon: IconName;
  readonly text: string;
  onTake(): void;
  onDecline(): void;
}

function Offer({ icon, text, onTake, onDecline }: OfferProps) {
  const { t } = useTranslator();
  return (
    <div className={styles.offer}>
      <button type="button" className={styles.hear} onClick={onTake}>
        <Icon name={icon} sizePx={20} />
        {text}
      </button>
      <IconButton icon="close" label={t('offer.decline')} onClick={onDecline} />
    </div>
  );
}

interface DeviceOffersProps {
  readonly voice: VoiceSession;
  readonly webcam: WebcamSession;
  readonly offer: DeviceOffer;
}

/**
 * What the link asked for, each to be turned on with one press: a link may come from anybody, so it never opens a device.
 * Gone once the device is on by whatever way, or declined.
 */
export function DeviceOffers({ voice, webcam, offer }: DeviceOffersProps) {
  const { t } = useTranslator();
  const { microphone } = useSnapshot(voice);
  const { phase } = useSnapshot(webcam);
  const [declined, setDeclined] = useState<DeviceOffer>({ microphone: false, webcam: false });
  const decline = (kind: keyof DeviceOffer) => setDeclined((before) => ({ ...before, [kind]: true }));
  return (
    <>
      {offer.microphone && !declined.microphone && microphone === 'off' && (
        <Offer
          icon="microphone"
          text={t('offer.microphone')}
          onTake={() => {
            decline('microphone');
            voice.toggleMuted();
          }}
          onDecline={() => decline('microphone')}
        />
      )}
      {offer.webcam && !declined.webcam && phase === 'off' && (
        <Offer
          icon="webcam"
          text={t('offer.webcam')}
          onTake={() => {
            decline('webcam');
            webcam.toggle();
          }}
          onDecline={() => decline('webcam')}
        />
      )}
    </>
  );
}

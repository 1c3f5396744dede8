'use client';

import { useCallback } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { MicrophoneWish } from '@/app/_memory/voiceMemory';
import { Icon } from '../icons/Icon';
import { Button } from '../ui/Button';
import { LevelMeter } from '../voice/LevelMeter';
import { MicrophoneSelect } from '../voice/MicrophoneSelect';
import styles from './MicrophonePicker.module.css';
import { Segment, Segments } from './Segments';
import type { LobbyMicrophone } from './useMicrophoneTest';

interface MicrophonePickerProps {
  readonly microphone: LobbyMicrophone;
  readonly wish: MicrophoneWish;
  onWish(wish: MicrophoneWish): void;
}

/** Before it is asked for, or after it was refused: one button, and what it means. */
function ClosedMicrophone({ microphone: { phase, test, deviceId }, onUse }: ClosedProps) {
  const { t } = useTranslator();
  const asking = phase === 'asking';
  const refused = phase !== 'off' && phase !== 'asking' && phase !== 'open';
  const use = () => {
    onUse();
    void test?.open(deviceId);
  };
  return (
    <>
      <Button onClick={use} disabled={asking || !test} aria-busy={asking}>
        <Icon name="microphone" sizePx={20} />
        {t(asking ? 'lobby.microphoneAsking' : refused ? 'common.retry' : 'lobby.microphoneUse')}
      </Button>
      <p className={refused ? styles.problem : styles.note} role={refused ? 'alert' : undefined}>
        {refused ? `${t(`microphone.${phase}`)} ${t('microphone.without')}` : t('lobby.microphoneNote')}
      </p>
    </>
  );
}

interface ClosedProps {
  readonly microphone: LobbyMicrophone;
  onUse(): void;
}

/** Which microphone, how loud it is, and how one sounds. */
function OpenMicrophone({ test, devices, deviceId, sample }: LobbyMicrophone) {
  const { t } = useTranslator();
  const read = useCallback((nowMs: number) => test?.level(nowMs) ?? 0, [test]);
  const label = {
    none: 'lobby.sampleNone',
    recording: 'lobby.sampleRecording',
    playing: 'lobby.samplePlaying',
  } as const;
  return (
    <>
      <div className={styles.try}>
        <MicrophoneSelect devices={devices} deviceId={deviceId} onPick={(picked) => void test?.open(picked)} />
        <button
          type="button"
          className={styles.sample}
          data-sample={sample}
          aria-live="polite"
          onClick={() => void test?.hearYourself()}
        >
          {t(label[sample])}
        </button>
      </div>
      <LevelMeter read={read} />
    </>
  );
}

/** The microphone of the lobby: asked for only on its button, tried, and taken along open, muted or not at all. */
export function MicrophonePicker({ microphone, wish, onWish }: MicrophonePickerProps) {
  const { t } = useTranslator();
  const pick = (picked: MicrophoneWish) => {
    onWish(picked);
    if (picked === 'none') microphone.test?.close();
  };
  const segment = (value: MicrophoneWish, label: string, icon?: 'microphone' | 'microphoneOff') => (
    <Segment name="microphone" icon={icon} label={label} checked={wish === value} onPick={() => pick(value)} />
  );
  return (
    <fieldset className={styles.picker}>
      <legend className={styles.legend}>{t('lobby.microphone')}</legend>
      {microphone.phase === 'open' ? (
        <>
          <Segments>
            {segment('open', t('lobby.microphoneOpen'), 'microphone')}
            {segment('muted', t('lobby.microphoneMuted'), 'microphoneOff')}
            {segment('none', t('lobby.microphoneNone'))}
          </Segments>
          <OpenMicrophone {...microphone} />
          <p className={styles.note}>{t('lobby.microphonePrivacy')}</p>
        </>
      ) : (
        <ClosedMicrophone microphone={microphone} onUse={() => onWish(wish === 'none' ? 'open' : wish)} />
      )}
    </fieldset>
  );
}

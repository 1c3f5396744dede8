'use client';

import { type Ref, useCallback, useEffect, useImperativeHandle, useState, useSyncExternalStore } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import { type MicrophoneWish, recallVoice, rememberVoice } from '@/app/_memory/voiceMemory';
import type { MicrophoneChoice } from '@/app/_session/voiceContract';
import { MicrophoneTest, type MicrophoneTestState } from '@/lib/voice/microphoneTest';
import { Icon } from '../icons/Icon';
import { Button } from '../ui/Button';
import { MicrophoneSelect } from '../ui/DeviceSelect';
import { LevelMeter } from '../ui/LevelMeter';
import { Problem } from '../ui/Problem';
import { Segment, Segments } from '../ui/Segments';
import styles from './MicrophonePicker.module.css';

const NEVER = () => () => {};
const NOT_YET: MicrophoneTestState = { phase: 'off', deviceId: '', devices: [], sample: 'none' };

/** The lobby's microphone and its state. */
export interface LobbyMicrophone extends MicrophoneTestState {
  /** Null until the page runs in a browser. */
  readonly test: MicrophoneTest | null;
}

/** A microphone for as long as the lobby is open. It opens by itself if it is wanted and the browser has already allowed it. */
function useMicrophoneTest(deviceId: string, isWanted: boolean): LobbyMicrophone {
  const [test, setTest] = useState<MicrophoneTest | null>(null);
  // Only the first choice counts here; later ones go to the test itself.
  const [start] = useState({ deviceId, isWanted });
  useEffect(() => {
    const made = new MicrophoneTest(start.deviceId);
    setTest(made);
    if (start.isWanted) void made.openIfAllowed();
    return () => made.close();
  }, [start]);
  const read = () => test?.getSnapshot() ?? NOT_YET;
  return { test, ...useSyncExternalStore(test?.subscribe ?? NEVER, read, read) };
}

/** Gives the lobby its microphone choice when joining. */
export interface MicrophoneHandle {
  take(): MicrophoneChoice;
}

interface MicrophonePickerProps {
  readonly ref: Ref<MicrophoneHandle>;
  /** The link's choice; null if it has none, or may not make it. */
  readonly linked: MicrophoneWish | null;
}

/** Remembers the choice and closes the microphone, which the meeting opens again. */
function takeAlong({ test, phase, deviceId }: LobbyMicrophone, wish: MicrophoneWish): MicrophoneChoice {
  test?.close();
  rememberVoice({ wish, deviceId });
  if (phase !== 'open') return null;
  return { deviceId, muted: wish === 'muted' };
}

/** Before the microphone is open, or after it was refused: one button, and what it means. */
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
      <Problem sentence={refused ? `${t(`microphone.${phase}`)} ${t('microphone.without')}` : null} />
      {!refused && <p className={styles.note}>{t('lobby.microphoneNote')}</p>}
    </>
  );
}

interface ClosedProps {
  readonly microphone: LobbyMicrophone;
  onUse(): void;
}

/** Which microphone, its level, and a recording to hear yourself. */
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

/** The lobby's microphone: opened on its button, tried out, and used in the meeting open, muted or not at all. */
export function MicrophonePicker({ ref, linked }: MicrophonePickerProps) {
  const { t } = useTranslator();
  const [remembered] = useState(recallVoice);
  const [wish, setWish] = useState<MicrophoneWish>(linked ?? remembered.wish);
  const microphone = useMicrophoneTest(remembered.deviceId, wish !== 'none');
  useImperativeHandle(ref, () => ({ take: () => takeAlong(microphone, wish) }));
  const pick = (picked: MicrophoneWish) => {
    setWish(picked);
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
        <ClosedMicrophone microphone={microphone} onUse={() => setWish(wish === 'none' ? 'open' : wish)} />
      )}
    </fieldset>
  );
}

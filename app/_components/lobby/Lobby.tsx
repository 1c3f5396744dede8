'use client';

import dynamic from 'next/dynamic';
import { type FormEvent, useState } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import { recallLobby, rememberLobby } from '@/app/_memory/lobbyMemory';
import { type MicrophoneWish, recallVoice, rememberVoice } from '@/app/_memory/voiceMemory';
import type { JoinChoice, SessionSnapshot } from '@/app/_session/sessionContract';
import type { MicrophoneChoice } from '@/app/_session/voiceContract';
import { cleanDisplayName } from '@/lib/core/displayName';
import { lobbyStart } from '../meeting/firstStay';
import type { MeetingLink } from '../meeting/meetingLink';
import { PageHeader } from '../preferences/PageHeader';
import { TextField } from '../ui/TextField';
import { AvatarStage } from './AvatarStage';
import { AvatarPicker } from './avatar/AvatarPicker';
import { JoinBar } from './JoinBar';
import styles from './Lobby.module.css';
import { MicrophonePicker } from './MicrophonePicker';
import { MotionPicker } from './MotionPicker';
import { type LobbyMicrophone, useMicrophoneTest } from './useMicrophoneTest';
import { usePreviewSource } from './usePreviewSource';
import { WhoIsThere } from './WhoIsThere';

const OwnAvatar = dynamic(() => import('./own/OwnAvatar').then((module) => module.OwnAvatar), { ssr: false });

interface LobbyProps {
  readonly snapshot: SessionSnapshot;
  readonly meetingId: string;
  readonly link: MeetingLink;
  onJoin(choice: JoinChoice): void;
}

/** What sits down with one, remembered; the lobby lets it go, for the room takes it anew. */
function takeAlong({ test, phase, deviceId }: LobbyMicrophone, wish: MicrophoneWish): MicrophoneChoice {
  test?.close();
  rememberVoice({ wish, deviceId });
  if (phase !== 'open') return null;
  return { deviceId, muted: wish === 'muted' };
}

/** Before the door: one's own avatar, name and motion, who is there, and one button. */
export function Lobby({ snapshot, meetingId, link, onJoin }: LobbyProps) {
  const { t } = useTranslator();
  const [remembered] = useState(recallVoice);
  const [choice, setChoice] = useState(() => lobbyStart(link, { ...recallLobby(), ...remembered }));
  const [wish, setWish] = useState<MicrophoneWish>(link.microphone ?? remembered.wish);
  const [nameMissing, setNameMissing] = useState(false);
  const preview = usePreviewSource(choice.motion);
  const microphone = useMicrophoneTest(remembered.deviceId, wish !== 'none');
  // What comes late, such as an avatar that was brought along, must not undo what was chosen meanwhile.
  const change = (part: Partial<JoinChoice>) => setChoice((before) => ({ ...before, ...part }));
  const [isStageDrawn, setStageDrawn] = useState(false);

  const join = (event: FormEvent) => {
    event.preventDefault();
    const name = cleanDisplayName(choice.name);
    setNameMissing(name === '');
    if (name === '') return document.querySelector<HTMLInputElement>('input[name="name"]')?.focus();
    rememberLobby({ name, avatar: choice.avatar });
    onJoin({ ...choice, name, microphone: takeAlong(microphone, wish) });
  };

  return (
    <div className={styles.page}>
      <div className={styles.header}>
        <PageHeader />
      </div>
      <AvatarStage
        avatar={choice.avatar}
        source={preview.source}
        name={cleanDisplayName(choice.name)}
        onDrawn={() => setStageDrawn(true)}
      />
      <main className={styles.main}>
        <form className={styles.form} onSubmit={join} noValidate>
          <WhoIsThere meeting={snapshot.meeting} />
          <TextField
            label={t('lobby.name')}
            placeholder={t('lobby.namePlaceholder')}
            error={nameMissing ? t('lobby.nameMissing') : null}
            name="name"
            autoComplete="name"
            maxLength={256}
            value={choice.name}
            onChange={(event) => {
              change({ name: event.target.value });
              setNameMissing(false);
            }}
          />
          <AvatarPicker
            avatar={choice.avatar}
            mayDraw={isStageDrawn}
            onChange={(avatar) => change({ avatar })}
            own={<OwnAvatar avatar={choice.avatar} onChange={(avatar) => change({ avatar })} />}
          />
          <MicrophonePicker microphone={microphone} wish={wish} onWish={setWish} />
          <MotionPicker motion={choice.motion} preview={preview} onChange={(motion) => change({ motion })} />
          <JoinBar meeting={snapshot.meeting} meetingId={meetingId} blocked={preview.state === 'unreadable'} />
        </form>
      </main>
    </div>
  );
}

'use client';

import { type FormEvent, useRef, useState } from 'react';
import { useLater } from '@/app/_hooks/useLater';
import { recallLobby, rememberLobby } from '@/app/_memory/lobbyMemory';
import type { JoinChoice } from '@/app/_session/sessionContract';
import { cleanDisplayName } from '@/lib/core/displayName';
import type { MeetingView } from '@/lib/core/meeting';
import type { MeetingLink } from '../meeting/meetingLink';
import { PageHeader } from '../preferences/PageHeader';
import { PreferencesLater } from '../preferences/PreferencesLater';
import { AvatarStage } from './AvatarStage';
import { AvatarPicker } from './avatar/AvatarPicker';
import { JoinBar } from './JoinBar';
import styles from './Lobby.module.css';
import { type LobbyStart, lobbyStart } from './lobbyStart';
import type { MicrophoneHandle } from './MicrophonePicker';
import { NameField } from './NameField';
import { usePreviewSource } from './usePreviewSource';
import { WhoIsThere } from './WhoIsThere';

interface LobbyProps {
  /** Null until it is known. */
  readonly meeting: MeetingView | null;
  readonly meetingId: string;
  readonly link: MeetingLink;
  onJoin(choice: JoinChoice): void;
}

const loadOptions = () => import('./LobbyOptions').then((module) => module.LobbyOptions);

/** Before the door: one's own avatar, name and motion, who is there, and one button. */
export function Lobby({ meeting, meetingId, link, onJoin }: LobbyProps) {
  const [choice, setChoice] = useState(() => lobbyStart(link, recallLobby()));
  const [nameMissing, setNameMissing] = useState(false);
  const [isStageDrawn, setStageDrawn] = useState(false);
  const preview = usePreviewSource(choice.motion);
  const microphone = useRef<MicrophoneHandle>(null);
  const Options = useLater(loadOptions);
  // What comes late, such as an avatar that was brought along, must not undo what was chosen meanwhile.
  const change = (part: Partial<LobbyStart>) => setChoice((before) => ({ ...before, ...part }));
  const { avatar, motion } = choice;

  const join = (event: FormEvent) => {
    event.preventDefault();
    const name = cleanDisplayName(choice.name);
    setNameMissing(name === '');
    if (name === '') return document.querySelector<HTMLInputElement>('input[name="name"]')?.focus();
    rememberLobby({ name, avatar });
    onJoin({ ...choice, role: 'participant', name, microphone: microphone.current?.take() ?? null });
  };

  return (
    <div className={styles.page}>
      <div className={styles.header}>
        <PageHeader>
          <PreferencesLater />
        </PageHeader>
      </div>
      <AvatarStage
        avatar={avatar}
        source={preview.source}
        name={cleanDisplayName(choice.name)}
        onDrawn={() => setStageDrawn(true)}
      />
      <main className={styles.main}>
        <form className={styles.form} onSubmit={join} noValidate>
          <WhoIsThere meeting={meeting} />
          <NameField
            name={choice.name}
            isMissing={nameMissing}
            onChange={(next) => {
              change({ name: next });
              setNameMissing(false);
            }}
          />
          <AvatarPicker avatar={avatar} mayDraw={isStageDrawn} onChange={(picked) => change({ avatar: picked })} />
          <div className={styles.options}>
            {Options && (
              <Options
                link={link}
                motion={motion}
                preview={preview}
                microphone={microphone}
                onMotion={(picked) => change({ motion: picked })}
              />
            )}
          </div>
          <JoinBar meeting={meeting} meetingId={meetingId} blocked={preview.state === 'unreadable'} />
        </form>
      </main>
    </div>
  );
}

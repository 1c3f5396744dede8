'use client';

import { type FormEvent, useState } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import { recallLobby, rememberLobby } from '@/app/_memory/lobbyMemory';
import type { JoinChoice, SessionSnapshot } from '@/app/_session/sessionContract';
import { isAvatarKey } from '@/lib/core/avatars';
import { cleanDisplayName } from '@/lib/core/displayName';
import { lobbyStart } from '../meeting/firstStay';
import type { MeetingLink } from '../meeting/meetingLink';
import { PageHeader } from '../preferences/PageHeader';
import { TextField } from '../ui/TextField';
import { AvatarPicker } from './AvatarPicker';
import { AvatarStage } from './AvatarStage';
import { JoinBar } from './JoinBar';
import styles from './Lobby.module.css';
import { MotionPicker } from './MotionPicker';
import { usePreviewSource } from './usePreviewSource';
import { WhoIsThere } from './WhoIsThere';

interface LobbyProps {
  readonly snapshot: SessionSnapshot;
  readonly meetingId: string;
  readonly link: MeetingLink;
  onJoin(choice: JoinChoice): void;
}

/** Before the door: one's own avatar, name and motion, who is there, and one button. */
export function Lobby({ snapshot, meetingId, link, onJoin }: LobbyProps) {
  const { t } = useTranslator();
  const [choice, setChoice] = useState(() => lobbyStart(link, recallLobby()));
  const [nameMissing, setNameMissing] = useState(false);
  const preview = usePreviewSource(choice.motion);
  const change = (part: Partial<JoinChoice>) => setChoice({ ...choice, ...part });
  const avatar = isAvatarKey(choice.avatar) ? choice.avatar : recallLobby().avatar;

  const join = (event: FormEvent) => {
    event.preventDefault();
    const name = cleanDisplayName(choice.name);
    setNameMissing(name === '');
    if (name === '') return document.querySelector<HTMLInputElement>('input[name="name"]')?.focus();
    rememberLobby({ name, avatar });
    onJoin({ ...choice, name });
  };

  return (
    <div className={styles.page}>
      <div className={styles.header}>
        <PageHeader />
      </div>
      <AvatarStage avatar={avatar} source={preview.source} name={cleanDisplayName(choice.name)} />
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
          <AvatarPicker avatar={avatar} onChange={(key) => change({ avatar: key })} />
          <MotionPicker motion={choice.motion} preview={preview} onChange={(motion) => change({ motion })} />
          <JoinBar meeting={snapshot.meeting} meetingId={meetingId} blocked={preview.state === 'unreadable'} />
        </form>
      </main>
    </div>
  );
}

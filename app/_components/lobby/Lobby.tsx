'use client';

import { type FormEvent, useRef, useState } from 'react';
import { useLater } from '@/app/_hooks/useLater';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { Translator } from '@/app/_i18n/translator';
import { recallLobby, rememberLobby } from '@/app/_memory/lobbyMemory';
import type { JoinChoice } from '@/app/_session/sessionContract';
import type { MeetingView } from '@/lib/core/meeting';
import { meetingPath } from '@/lib/core/meetingId';
import { isVisibleName } from '@/lib/core/visibleName';
import type { MotionSource } from '@/lib/motion/motionSource';
import { AvatarPicker } from '../avatar/AvatarPicker';
import type { MeetingLink } from '../meeting/meetingLink';
import { PageHeader, PreferencesLater } from '../page/PageHeader';
import { SeatRing } from '../seats/SeatRing';
import { Button, ButtonLink } from '../ui/Button';
import { loadPictures } from '../ui/loadPictures';
import stageStyles from './AvatarStage.module.css';
import barStyles from './JoinBar.module.css';
import styles from './Lobby.module.css';
import { type LobbyStart, lobbyStart } from './lobbyStart';
import type { MicrophoneHandle } from './MicrophonePicker';
import { NameField } from './NameField';
import { usePreviewSource } from './usePreviewSource';
import whoStyles from './WhoIsHere.module.css';

const NAMED_MAX = 3;

/** The sentence that says who is here: up to three by name, the rest as a number. */
function whoIsHereSentence({ t, count, list }: Translator, names: readonly string[]): string {
  if (names.length === 0) return t('lobby.empty');
  const shown = names.length <= NAMED_MAX ? names : names.slice(0, NAMED_MAX - 1);
  const rest = names.length - shown.length;
  return count('lobby.here', names.length, {
    names: list(rest > 0 ? [...shown, count('lobby.andOthers', rest)] : shown),
  });
}

/** The meeting's title, who is here, and the table seen from above. */
function WhoIsHere({ meeting }: { meeting: MeetingView | null }) {
  const translator = useTranslator();
  const { t } = translator;
  const seats = meeting?.maxParticipants ?? 16;
  const people = meeting?.people ?? [];
  const taken = people.length;
  return (
    <div className={whoStyles.who} aria-busy={!meeting}>
      <div className={whoStyles.words}>
        <h1 className={whoStyles.title}>{meeting?.title || t('meeting.untitled')}</h1>
        <p className={whoStyles.people} role="status">
          {meeting
            ? whoIsHereSentence(
                translator,
                people.map(({ name }) => name),
              )
            : t('lobby.checking')}
        </p>
        {meeting?.recording && <p className={whoStyles.recorded}>{t('recording.lobby')}</p>}
      </div>
      <SeatRing seats={seats} people={people} sizePx={148}>
        <span className={whoStyles.number}>{taken}</span>
        <span className={whoStyles.of}>{t('lobby.ofSeats', { seats })}</span>
      </SeatRing>
      {meeting && <p className="visuallyHidden">{t('lobby.seatsTaken', { taken, seats })}</p>}
    </div>
  );
}

// Without the picture, the stage still shows the name.
const loadPicture = () => {
  // By far the larger part: loaded beside the component that shows it, not after.
  loadPictures().catch(() => {});
  return import('./StagePicture').then(
    (module) => module.StagePicture,
    () => null,
  );
};

interface AvatarStageProps {
  /** A reference as `parseAvatarRef` reads it. */
  readonly avatar: string;
  readonly source?: MotionSource;
  readonly name: string;
  /** Called when the avatar has been drawn. */
  onDrawn(): void;
}

/** The local participant's avatar in late light, live and mirrored. */
function AvatarStage({ avatar, source, name, onDrawn }: AvatarStageProps) {
  const { t } = useTranslator();
  const Picture = useLater(loadPicture);
  return (
    <section className={stageStyles.stage} aria-label={t('lobby.preview')}>
      <div className={stageStyles.sun} />
      {Picture && <Picture avatar={avatar} source={source} onDrawn={onDrawn} />}
      <p className={stageStyles.plate} data-empty={name === '' || undefined}>
        {name}
      </p>
    </section>
  );
}

interface JoinBarProps {
  readonly meeting: MeetingView | null;
  readonly meetingId: string;
  /** The chosen motion can't be played. */
  readonly blocked: boolean;
}

/** The Join button. In a full meeting Watch comes first, but people who had a seat can still take it back. */
function JoinBar({ meeting, meetingId, blocked }: JoinBarProps) {
  const { t, count } = useTranslator();
  const free = meeting ? meeting.maxParticipants - meeting.people.length : null;
  const full = free === 0;
  return (
    <div className={barStyles.bar}>
      {full && <p className={barStyles.full}>{count('failure.full', meeting!.maxParticipants)}</p>}
      <div className={barStyles.buttons}>
        {full && (
          <ButtonLink tone="accent" size="large" href={meetingPath(meetingId, 'spectator')}>
            {t('action.watch')}
          </ButtonLink>
        )}
        <Button type="submit" tone={full ? 'quiet' : 'accent'} size="large" disabled={!meeting || blocked}>
          {t('lobby.join')}
        </Button>
      </div>
      {!full && <p className={barStyles.free}>{free !== null && count('lobby.joinFree', free)}</p>}
    </div>
  );
}

interface LobbyProps {
  /** Null until the API has answered. */
  readonly meeting: MeetingView | null;
  readonly meetingId: string;
  readonly link: MeetingLink;
  onJoin(choice: JoinChoice): void;
}

const loadOptions = () => import('./LobbyOptions').then((module) => module.LobbyOptions);

/** The lobby: avatar, name, microphone and motion, who is here, and one button to join. */
export function Lobby({ meeting, meetingId, link, onJoin }: LobbyProps) {
  const [choice, setChoice] = useState(() => lobbyStart(link, recallLobby()));
  const [nameMissing, setNameMissing] = useState(false);
  const [isStageDrawn, setStageDrawn] = useState(false);
  const preview = usePreviewSource(choice.motion);
  const microphone = useRef<MicrophoneHandle>(null);
  const Options = useLater(loadOptions);
  // A late change, such as a custom avatar after its upload, must not undo what was chosen meanwhile.
  const change = (part: Partial<LobbyStart>) => setChoice((before) => ({ ...before, ...part }));
  const { avatar, motion } = choice;

  const join = (event: FormEvent) => {
    event.preventDefault();
    // The server cleans it.
    const name = choice.name.trim();
    const isMissing = !isVisibleName(name);
    setNameMissing(isMissing);
    if (isMissing) return document.querySelector<HTMLInputElement>('input[name="name"]')?.focus();
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
        name={choice.name.trim()}
        onDrawn={() => setStageDrawn(true)}
      />
      <main className={styles.main}>
        <form className={styles.form} onSubmit={join} noValidate>
          <WhoIsHere meeting={meeting} />
          <NameField
            name={choice.name}
            isMissing={nameMissing}
            onChange={(next) => {
              change({ name: next });
              setNameMissing(false);
            }}
          />
          <AvatarPicker
            avatar={avatar}
            mayDraw={isStageDrawn}
            upload={meetingId}
            onChange={(picked) => change({ avatar: picked })}
          />
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

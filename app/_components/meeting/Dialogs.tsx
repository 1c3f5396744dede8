'use client';

import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useSnapshot } from '@/app/_hooks/useSnapshot';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import { rememberLobby } from '@/app/_memory/lobbyMemory';
import type { MeetingSession, SessionSnapshot } from '@/app/_session/sessionContract';
import type { VoiceSession } from '@/app/_session/voiceContract';
import { cleanDisplayName } from '@/lib/core/displayName';
import type { Appearance } from '@/lib/core/meeting';
import { AvatarPicker } from '../avatar/AvatarPicker';
import { NameField } from '../lobby/NameField';
import { Button } from '../ui/Button';
import { Dialog } from '../ui/Dialog';
import { IconButton } from '../ui/IconButton';
import { Problem } from '../ui/Problem';
import appearanceStyles from './AppearanceDialog.module.css';
import endStyles from './EndDialog.module.css';
import { SHORTCUTS, shortcutLabel } from './keys';
import type { UiControls } from './meetingUi';
import { screenLabel } from './news/Notices';
import pillStyles from './news/Pill.module.css';
import screenStyles from './SharedScreenOverlay.module.css';
import shortcutsStyles from './ShortcutsDialog.module.css';

interface EndDialogProps {
  readonly session: MeetingSession;
  /** How many people sit at the table, the local participant included. */
  readonly people: number;
  onClose(): void;
  say(text: string): void;
}

/** Asks once before the meeting ends for everyone. */
function EndDialog({ session, people, onClose, say }: EndDialogProps) {
  const { t } = useTranslator();
  const [busy, setBusy] = useState(false);
  const end = async () => {
    setBusy(true);
    try {
      await session.endForAll();
    } catch {
      say(t('toast.endFailed'));
    }
    onClose();
  };
  return (
    <Dialog title={t('end.title')} onClose={onClose}>
      <p>{people > 1 ? t('end.body', { count: people }) : t('end.bodyAlone')}</p>
      <div className={endStyles.buttons}>
        <Button tone="quiet" onClick={onClose}>
          {t('common.cancel')}
        </Button>
        <Button tone="danger" onClick={end} disabled={busy} aria-busy={busy}>
          {t(busy ? 'end.ending' : 'end.confirm')}
        </Button>
      </div>
    </Dialog>
  );
}

function Row({ shown, label }: { shown: string; label: string }) {
  return (
    <div className={shortcutsStyles.row}>
      <dt>
        <kbd className={shortcutsStyles.key}>{shown}</kbd>
      </dt>
      <dd>{label}</dd>
    </div>
  );
}

/** The keys. Spectators send nothing, so they see none of the keys for that. */
function ShortcutsDialog({ hasSeat, onClose }: { hasSeat: boolean; onClose(): void }) {
  const { t } = useTranslator();
  const shortcuts = SHORTCUTS.filter(({ needsSeat }) => hasSeat || !needsSeat);
  return (
    <Dialog title={t('shortcuts.title')} onClose={onClose}>
      <dl className={shortcutsStyles.list}>
        {hasSeat && <Row shown={t('shortcuts.talkKey')} label={t('shortcuts.talk')} />}
        {shortcuts.map(({ shown, command }) => (
          <Row key={command} shown={shown} label={t(shortcutLabel(command))} />
        ))}
      </dl>
      <Button onClick={onClose}>{t('common.close')}</Button>
    </Dialog>
  );
}

interface AppearanceDialogProps {
  readonly session: MeetingSession;
  /** The current name and avatar. */
  readonly worn: Appearance;
  onClose(): void;
}

/** Changes avatar and name during the meeting. Nothing changes before Save, and a failure keeps the choices. */
function AppearanceDialog({ session, worn, onClose }: AppearanceDialogProps) {
  const { t } = useTranslator();
  const [name, setName] = useState(worn.name);
  const [avatar, setAvatar] = useState(worn.avatar);
  const [nameMissing, setNameMissing] = useState(false);
  const [state, setState] = useState<'choosing' | 'saving' | 'failed'>('choosing');
  const isOpen = useRef(false);
  useEffect(() => {
    isOpen.current = true;
    return () => {
      isOpen.current = false;
    };
  }, []);

  const save = async (event: FormEvent) => {
    event.preventDefault();
    const wanted = { name: cleanDisplayName(name), avatar };
    setNameMissing(wanted.name === '');
    if (wanted.name === '' || state === 'saving') return;
    setState('saving');
    try {
      await session.changeAppearance(wanted);
      rememberLobby(wanted);
      // The dialog may have been closed during saving, and another one opened since.
      if (isOpen.current) onClose();
    } catch {
      setState('failed');
    }
  };

  return (
    <Dialog title={t('more.appearance')} size="wide" onClose={onClose}>
      <form className={appearanceStyles.form} onSubmit={save} noValidate>
        <AvatarPicker
          avatar={avatar}
          mayDraw
          upload={(bytes, options) => session.uploadAvatar(bytes, options)}
          onChange={setAvatar}
        />
        <NameField
          name={name}
          isMissing={nameMissing}
          onChange={(next) => {
            setName(next);
            setNameMissing(false);
          }}
        />
        <Problem sentence={state === 'failed' ? t('appearance.failed') : null} />
        <div className={appearanceStyles.buttons}>
          <Button tone="quiet" onClick={onClose}>
            {t('common.cancel')}
          </Button>
          <Button tone="accent" type="submit" disabled={state === 'saving'} aria-busy={state === 'saving'}>
            {t(state === 'saving' ? 'appearance.saving' : 'appearance.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface FullScreenProps {
  readonly stream: MediaStream;
  readonly label: string;
  onClose(): void;
}

function FullScreen({ stream, label, onClose }: FullScreenProps) {
  const { t } = useTranslator();
  const dialog = useRef<HTMLDialogElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  useEffect(() => {
    if (video.current) video.current.srcObject = stream;
  }, [stream]);
  return (
    <dialog
      ref={dialog}
      className={screenStyles.overlay}
      aria-label={label}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <video ref={video} className={screenStyles.picture} autoPlay muted playsInline aria-label={t('screen.picture')} />
      <div className={`${pillStyles.pill} ${screenStyles.bar}`}>
        <span className={pillStyles.words}>{label}</span>
        <IconButton icon="close" label={t('common.close')} onClick={onClose} />
      </div>
    </dialog>
  );
}

interface SharedScreenOverlayProps {
  readonly voice: VoiceSession;
  readonly snapshot: SessionSnapshot;
  onClose(): void;
}

/** A shared screen as large as the window, until Escape, the button, or the end of sharing. */
function SharedScreenOverlay({ voice, snapshot, onClose }: SharedScreenOverlayProps) {
  const translator = useTranslator();
  const { screen } = useSnapshot(voice);
  const isOver = screen === null;
  const close = useRef(onClose);
  useEffect(() => {
    close.current = onClose;
  });
  useEffect(() => {
    if (isOver) close.current();
  }, [isOver]);
  if (!screen) return null;
  const label = screenLabel(translator, screen, snapshot.meeting?.people ?? []);
  return <FullScreen stream={screen.stream} label={label} onClose={onClose} />;
}

interface DialogsProps {
  readonly session: MeetingSession;
  readonly snapshot: SessionSnapshot;
  readonly controls: UiControls;
  say(text: string): void;
}

/** The dialogs of the meeting, one at a time. */
export function Dialogs({ session, snapshot, controls, say }: DialogsProps) {
  switch (controls.ui.panel) {
    case 'end':
      return (
        <EndDialog session={session} people={snapshot.meeting?.people.length ?? 0} onClose={controls.close} say={say} />
      );
    case 'appearance':
      return snapshot.self?.role === 'participant' ? (
        <AppearanceDialog session={session} worn={snapshot.self} onClose={controls.close} />
      ) : null;
    case 'shortcuts':
      return <ShortcutsDialog hasSeat={snapshot.self?.role === 'participant'} onClose={controls.close} />;
    case 'screen':
      return <SharedScreenOverlay voice={session.voice} snapshot={snapshot} onClose={controls.close} />;
    default:
      return null;
  }
}

'use client';

import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import { rememberLobby } from '@/app/_memory/lobbyMemory';
import type { MeetingSession } from '@/app/_session/sessionContract';
import { cleanDisplayName } from '@/lib/core/displayName';
import type { Appearance } from '@/lib/core/meeting';
import { AvatarPicker } from '../lobby/avatar/AvatarPicker';
import { NameField } from '../lobby/NameField';
import { Button } from '../ui/Button';
import { Dialog } from '../ui/Dialog';
import { Problem } from '../ui/Problem';
import styles from './AppearanceDialog.module.css';

interface AppearanceDialogProps {
  readonly session: MeetingSession;
  /** How one is seen now. */
  readonly worn: Appearance;
  onClose(): void;
}

/** Another avatar or name while one sits. Nothing is changed before it is said, and a failure loses nothing. */
export function AppearanceDialog({ session, worn, onClose }: AppearanceDialogProps) {
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
      // Closed while it was saved, it must not close what has been opened since.
      if (isOpen.current) onClose();
    } catch {
      setState('failed');
    }
  };

  return (
    <Dialog title={t('more.appearance')} size="wide" onClose={onClose}>
      <form className={styles.form} onSubmit={save} noValidate>
        <AvatarPicker avatar={avatar} mayDraw onChange={setAvatar} />
        <NameField
          name={name}
          isMissing={nameMissing}
          onChange={(next) => {
            setName(next);
            setNameMissing(false);
          }}
        />
        <Problem sentence={state === 'failed' ? t('appearance.failed') : null} />
        <div className={styles.buttons}>
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

'use client';

import { useState } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { MeetingSession } from '@/app/_session/sessionContract';
import { Button } from '../ui/Button';
import { Dialog } from '../ui/Dialog';
import styles from './EndDialog.module.css';

interface EndDialogProps {
  readonly session: MeetingSession;
  /** How many sit at the table, oneself included. */
  readonly people: number;
  onClose(): void;
  say(text: string): void;
}

/** Asks once before a meeting ends for everybody. */
export function EndDialog({ session, people, onClose, say }: EndDialogProps) {
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
      <div className={styles.buttons}>
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

'use client';

import { useRef } from 'react';
import { useBorrowedFocus } from '@/app/_hooks/usePopover';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { SessionSnapshot } from '@/app/_session/sessionContract';
import type { VoiceSession } from '@/app/_session/voiceContract';
import { Button } from '../ui/Button';
import { IconButton } from '../ui/IconButton';
import styles from './PeopleDrawer.module.css';
import { PeopleList } from './PeopleList';

interface PeopleDrawerProps {
  readonly open: boolean;
  readonly snapshot: SessionSnapshot;
  readonly voice: VoiceSession;
  onClose(): void;
  onInvite(): void;
}

/** The right drawer, on a phone a sheet: everybody at the table. Gives the focus back when it closes. */
export function PeopleDrawer({ open, snapshot, voice, onClose, onInvite }: PeopleDrawerProps) {
  const { t, count } = useTranslator();
  const panel = useRef<HTMLElement>(null);
  useBorrowedFocus(panel, open);
  if (!open) return null;
  const watching = snapshot.meeting?.spectators ?? 0;
  return (
    <aside className={styles.drawer} ref={panel} tabIndex={-1} aria-label={t('people.title')}>
      <header className={styles.header}>
        <h2 className={styles.title}>{t('people.title')}</h2>
        <IconButton icon="close" label={t('common.close')} onClick={onClose} />
      </header>
      <div className={styles.body}>
        <PeopleList snapshot={snapshot} voice={voice} />
        {watching > 0 && <p className={styles.watching}>{count('people.watching', watching)}</p>}
      </div>
      <Button tone="quiet" onClick={onInvite}>
        {t('people.invite')}
      </Button>
    </aside>
  );
}

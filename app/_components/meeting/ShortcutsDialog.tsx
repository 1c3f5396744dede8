'use client';

import { useTranslator } from '@/app/_i18n/I18nProvider';
import { Button } from '../ui/Button';
import { Dialog } from '../ui/Dialog';
import { ROOM_SHORTCUTS, shortcutLabel } from './roomShortcuts';
import styles from './ShortcutsDialog.module.css';

function Row({ shown, label }: { shown: string; label: string }) {
  return (
    <div className={styles.row}>
      <dt>
        <kbd className={styles.key}>{shown}</kbd>
      </dt>
      <dd>{label}</dd>
    </div>
  );
}

/** The keys of the room, as far as they are one's own: a watcher has nothing to send. */
export function ShortcutsDialog({ hasSeat, onClose }: { hasSeat: boolean; onClose(): void }) {
  const { t } = useTranslator();
  const shortcuts = ROOM_SHORTCUTS.filter(({ needsSeat }) => hasSeat || !needsSeat);
  return (
    <Dialog title={t('shortcuts.title')} onClose={onClose}>
      <dl className={styles.list}>
        {hasSeat && <Row shown={t('shortcuts.talkKey')} label={t('shortcuts.talk')} />}
        {shortcuts.map(({ shown, command }) => (
          <Row key={command} shown={shown} label={t(shortcutLabel(command))} />
        ))}
      </dl>
      <Button onClick={onClose}>{t('common.close')}</Button>
    </Dialog>
  );
}

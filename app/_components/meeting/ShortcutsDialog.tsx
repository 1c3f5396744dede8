'use client';

import { useTranslator } from '@/app/_i18n/I18nProvider';
import { Button } from '../ui/Button';
import { Dialog } from '../ui/Dialog';
import { ROOM_SHORTCUTS, shortcutLabel } from './roomShortcuts';
import styles from './ShortcutsDialog.module.css';

/** The keys of the room. */
export function ShortcutsDialog({ onClose }: { onClose(): void }) {
  const { t } = useTranslator();
  return (
    <Dialog title={t('shortcuts.title')} onClose={onClose}>
      <dl className={styles.list}>
        {ROOM_SHORTCUTS.map(({ shown, command }) => (
          <div key={command} className={styles.row}>
            <dt>
              <kbd className={styles.key}>{shown}</kbd>
            </dt>
            <dd>{t(shortcutLabel(command))}</dd>
          </div>
        ))}
      </dl>
      <Button onClick={onClose}>{t('common.close')}</Button>
    </Dialog>
  );
}

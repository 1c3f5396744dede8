import { useState } from 'react';
import type { OpsKey } from '@/app/_i18n/messages';
import { ParleyApiError } from '@/lib/api';
import { Button } from '../ui/Button';
import { Dialog } from '../ui/Dialog';
import { Problem } from '../ui/Problem';
import styles from './OpsPage.module.css';
import { useOpsText } from './opsText';

/** Something that is asked first and then done. */
export interface Deed {
  readonly title: string;
  /** What happens then. */
  readonly body: string;
  readonly confirm: string;
  /** What is said afterwards. */
  readonly done: string;
  act(): Promise<void>;
}

interface AskProps {
  readonly deed: Deed;
  onClose(): void;
  onDone(): void;
}

/** Asks whether to do something that can't be undone, does it, and says if that fails. */
export function Ask({ deed, onClose, onDone }: AskProps) {
  const { t } = useOpsText();
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<OpsKey | null>(null);
  const act = async () => {
    setBusy(true);
    try {
      await deed.act();
      onDone();
    } catch (error) {
      const isOver = error instanceof ParleyApiError && (error.reason === 'notFound' || error.reason === 'ended');
      setFailure(isOver ? 'opsFailed.gone' : 'opsFailed.action');
      setBusy(false);
    }
  };
  return (
    <Dialog title={deed.title} onClose={onClose}>
      <p>{deed.body}</p>
      <Problem sentence={failure && t(failure)} />
      <div className={styles.buttons}>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button tone="danger" onClick={act} disabled={busy} aria-busy={busy}>
          {deed.confirm}
        </Button>
      </div>
    </Dialog>
  );
}

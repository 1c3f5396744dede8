'use client';

import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { MeetingView } from '@/lib/core/meeting';
import { meetingPath } from '../meeting/meetingLink';
import { Button, ButtonLink } from '../ui/Button';
import styles from './JoinBar.module.css';

interface JoinBarProps {
  readonly meeting: MeetingView | null;
  readonly meetingId: string;
  /** The chosen motion can't be played, so there is nothing to join with. */
  readonly blocked: boolean;
}

/** The one button. Where every seat is taken watching comes first; one's own seat can still be taken back. */
export function JoinBar({ meeting, meetingId, blocked }: JoinBarProps) {
  const { t, count } = useTranslator();
  const free = meeting ? meeting.maxParticipants - meeting.people.length : null;
  const full = free === 0;
  return (
    <div className={styles.bar}>
      {full && <p className={styles.full}>{count('failure.full', meeting?.maxParticipants ?? 0)}</p>}
      <div className={styles.buttons}>
        {full && (
          <ButtonLink tone="accent" size="large" href={meetingPath(meetingId, 'spectator')}>
            {t('action.watch')}
          </ButtonLink>
        )}
        <Button type="submit" tone={full ? 'quiet' : 'accent'} size="large" disabled={!meeting || blocked}>
          {t('lobby.join')}
        </Button>
      </div>
      {!full && <p className={styles.free}>{free !== null && count('lobby.joinFree', free)}</p>}
    </div>
  );
}

'use client';

import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { SessionSnapshot } from '@/app/_session/sessionContract';
import { Icon } from '../icons/Icon';
import { Elapsed } from './Elapsed';
import { QualityDot } from './QualityDot';
import { shownQuality } from './qualitySentence';
import styles from './RoomStatus.module.css';
import { SeatDial } from './SeatDial';
import type { RoomControls } from './useRoomView';

/** Top left: what this meeting is, how long one is here, how many sit and watch, and how finely all move. */
export function RoomStatus({ snapshot, controls }: { snapshot: SessionSnapshot; controls: RoomControls }) {
  const { t, count } = useTranslator();
  const { meeting, quality, self, liveSinceMs } = snapshot;
  if (!meeting) return null;
  const taken = meeting.people.length;
  const seats = meeting.maxParticipants;
  return (
    <section className={styles.status} aria-label={t('meeting.status')}>
      <SeatDial seats={seats} taken={meeting.people.map(({ seat }) => seat)} />
      <div className={styles.words}>
        <h1 className={styles.title}>{meeting.title || t('lobby.untitled')}</h1>
        <p className={styles.facts}>
          {liveSinceMs !== null && <Elapsed sinceMs={liveSinceMs} />}
          <span>
            <span aria-hidden="true">{`${taken}/${seats}`}</span>
            <span className="visuallyHidden">{t('meeting.seats', { taken, seats })}</span>
          </span>
          {meeting.spectators > 0 && (
            <span className={styles.watchers}>
              <Icon name="firstPerson" sizePx={16} />
              <span aria-hidden="true">{meeting.spectators}</span>
              <span className="visuallyHidden">{count('meeting.watchers', meeting.spectators)}</span>
            </span>
          )}
        </p>
      </div>
      {self && (
        <QualityDot
          quality={shownQuality(meeting, quality)}
          open={controls.view.panel === 'quality'}
          onToggle={() => controls.toggle('quality')}
        />
      )}
    </section>
  );
}

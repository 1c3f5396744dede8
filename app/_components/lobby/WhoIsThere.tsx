'use client';

import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { Translator } from '@/app/_i18n/translator';
import type { MeetingView } from '@/lib/core/meeting';
import { SeatRing } from '../seats/SeatRing';
import styles from './WhoIsThere.module.css';

const NAMED_MAX = 3;

/** The sentence about who is there: up to three by name, the rest as a number. */
export function whoIsThereSentence({ t, count, list }: Translator, names: readonly string[]): string {
  if (names.length === 0) return t('lobby.empty');
  const shown = names.length <= NAMED_MAX ? names : names.slice(0, NAMED_MAX - 1);
  const rest = names.length - shown.length;
  return count('lobby.here', names.length, {
    names: list(rest > 0 ? [...shown, count('lobby.andOthers', rest)] : shown),
  });
}

/** The meeting's title, who sits there, and the table seen from above. */
export function WhoIsThere({ meeting }: { meeting: MeetingView | null }) {
  const translator = useTranslator();
  const { t } = translator;
  const seats = meeting?.maxParticipants ?? 16;
  const taken = meeting?.people.length ?? 0;
  return (
    <div className={styles.who} aria-busy={!meeting}>
      <div className={styles.words}>
        <h1 className={styles.title}>{meeting?.title || t('lobby.untitled')}</h1>
        <p className={styles.people} role="status">
          {meeting
            ? whoIsThereSentence(
                translator,
                meeting.people.map(({ name }) => name),
              )
            : t('lobby.looking')}
        </p>
      </div>
      <SeatRing seats={seats} people={meeting?.people ?? []} sizePx={148}>
        <span className={styles.number}>{taken}</span>
        <span className={styles.of}>{t('lobby.of', { seats })}</span>
      </SeatRing>
      {meeting && <p className="visuallyHidden">{t('lobby.ring', { taken, seats })}</p>}
    </div>
  );
}

'use client';

import { useTranslator } from '@/app/_i18n/I18nProvider';
import { SEATS_MAX, SEATS_MIN } from '@/lib/core/meeting';
import { SeatRing } from '../seats/SeatRing';
import { IconButton } from '../ui/IconButton';
import styles from './SeatStepper.module.css';

/** How many seats the table has, seen on the table itself. */
export function SeatStepper({ seats, onChange }: { seats: number; onChange(seats: number): void }) {
  const { t, count } = useTranslator();
  return (
    <fieldset className={styles.stepper}>
      <legend className={styles.legend}>{t('home.seats')}</legend>
      <SeatRing seats={seats} people={[]} sizePx={72} />
      <output className={styles.count}>{count('home.seatsCount', seats)}</output>
      <IconButton
        icon="minus"
        label={t('home.fewerSeats')}
        disabled={seats <= SEATS_MIN}
        onClick={() => onChange(seats - 1)}
      />
      <IconButton
        icon="plus"
        label={t('home.moreSeats')}
        disabled={seats >= SEATS_MAX}
        onClick={() => onChange(seats + 1)}
      />
    </fieldset>
  );
}

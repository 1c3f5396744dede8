'use client';

import { useRouter } from 'next/navigation';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import { SEATS_MAX, SEATS_MIN } from '@/lib/core/meeting';
import { Icon } from '../icons/Icon';
import { SeatRing } from '../seats/SeatRing';
import { Button } from '../ui/Button';
import { IconButton } from '../ui/IconButton';
import { TextField } from '../ui/TextField';
import { type CreateFailure, createMeeting, type NewMeetingChoice } from './createMeeting';
import styles from './NewMeeting.module.css';
import newMeetingOptionsStyles from './NewMeetingOptions.module.css';
import seatStepperStyles from './SeatStepper.module.css';

/** Chooses the number of seats, shown on the table itself. */
function SeatStepper({ seats, onChange }: { seats: number; onChange(seats: number): void }) {
  const { t, count } = useTranslator();
  return (
    <fieldset className={seatStepperStyles.stepper}>
      <legend className={seatStepperStyles.legend}>{t('home.seats')}</legend>
      <SeatRing seats={seats} people={[]} sizePx={72} />
      <output className={seatStepperStyles.count}>{count('home.seatsCount', seats)}</output>
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

const TITLE_MAX_LENGTH = 120;

/** Title, link name and seats, folded away until wanted; unfolds by itself if the name has an error. */
function NewMeetingOptions(props: {
  choice: NewMeetingChoice;
  onChange(choice: NewMeetingChoice): void;
  idError: string | null;
}) {
  const { t } = useTranslator();
  const details = useRef<HTMLDetailsElement>(null);
  useEffect(() => {
    if (props.idError && details.current) details.current.open = true;
  }, [props.idError]);
  const change = (part: Partial<NewMeetingChoice>) => props.onChange({ ...props.choice, ...part });
  return (
    <details className={newMeetingOptionsStyles.options} ref={details}>
      <summary className={newMeetingOptionsStyles.summary}>
        {t('home.options')}
        <Icon name="chevronDown" sizePx={18} />
      </summary>
      <div className={newMeetingOptionsStyles.fields}>
        <TextField
          label={t('home.title')}
          placeholder={t('home.titlePlaceholder')}
          maxLength={TITLE_MAX_LENGTH}
          value={props.choice.title}
          onChange={(event) => change({ title: event.target.value })}
        />
        <TextField
          label={t('home.id')}
          placeholder={t('home.idPlaceholder')}
          hint={t('home.idHint')}
          error={props.idError}
          maxLength={64}
          autoCapitalize="none"
          spellCheck={false}
          value={props.choice.id}
          onChange={(event) => change({ id: event.target.value })}
        />
        <SeatStepper seats={props.choice.seats} onChange={(seats) => change({ seats })} />
      </div>
    </details>
  );
}

/** The one big button, and the options of a new meeting. */
export function NewMeeting() {
  const { t } = useTranslator();
  const router = useRouter();
  const [choice, setChoice] = useState<NewMeetingChoice>({ title: '', id: '', seats: SEATS_MAX });
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<CreateFailure | null>(null);

  const create = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setFailure(null);
    const made = await createMeeting(choice);
    if ('id' in made) return router.push(`/m/${made.id}`);
    setFailure(made.failure);
    setBusy(false);
  };
  const sentence = failure && t(failure.key, failure.values);

  return (
    <form className={styles.form} onSubmit={create} noValidate>
      <Button type="submit" tone="accent" size="large" disabled={busy} aria-busy={busy}>
        {busy ? t('home.creating') : t('home.newMeeting')}
      </Button>
      <NewMeetingOptions choice={choice} onChange={setChoice} idError={failure?.field === 'id' ? sentence : null} />
      {failure && failure.field !== 'id' && (
        <p className={styles.error} role="alert">
          {sentence}
        </p>
      )}
    </form>
  );
}

'use client';

import { useRouter } from 'next/navigation';
import { type FormEvent, useLayoutEffect, useRef, useState } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import type { MessageKey, MessageValues } from '@/app/_i18n/messages';
import { recentMeetings } from '@/app/_memory/recentMeetings';
import { rememberHostToken } from '@/app/_session/keptSecrets';
import { parleyClient } from '@/app/_session/parleyClient';
import { ParleyApiError } from '@/lib/api';
import { SEATS_MAX, SEATS_MIN } from '@/lib/core/meeting';
import { MEETING_ID_PATTERN } from '@/lib/core/meetingId';
import { Icon } from '../icons/Icon';
import { SeatRing } from '../seats/SeatRing';
import { Button } from '../ui/Button';
import { IconButton } from '../ui/IconButton';
import { TextField } from '../ui/TextField';
import styles from './NewMeeting.module.css';
import optionsStyles from './NewMeetingOptions.module.css';
import stepperStyles from './SeatStepper.module.css';

/** The options of a new meeting. Empty texts mean "none". */
interface NewMeetingChoice {
  readonly title: string;
  readonly id: string;
  readonly seats: number;
}

/** Why a meeting could not be created, as a text of the catalogue; `field` is the field it belongs to. */
interface CreateFailure {
  readonly key: MessageKey;
  readonly values?: MessageValues;
  readonly field?: 'id';
}

const DEFAULT_WAIT_MS = 60_000;

/** Turns typed text into a link name: lowercase letters, hyphens for spaces. */
function normaliseLinkName(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-');
}

/** The sentence for an error of the API, or for no answer at all. */
function createFailureOf(error: unknown): CreateFailure {
  if (!(error instanceof ParleyApiError)) return { key: 'homeError.offline' };
  switch (error.reason) {
    case 'exists':
      return { key: 'homeError.exists', field: 'id' };
    case 'tooManyRequests':
      return {
        key: 'homeError.tooManyRequests',
        values: { seconds: Math.ceil((error.retryAfterMs ?? DEFAULT_WAIT_MS) / 1000) },
      };
    case 'offline':
      return { key: 'homeError.offline' };
    case 'badInput':
      return { key: 'homeError.badInput' };
    default:
      if (error.isDraining) return { key: 'homeError.draining' };
      return { key: error.cannotSave ? 'homeError.cannotSave' : 'homeError.unavailable' };
  }
}

/** Creates a meeting and keeps its host token. Returns its id, or the sentence that says why not. */
async function createMeeting(choice: NewMeetingChoice): Promise<{ id: string } | { failure: CreateFailure }> {
  const id = normaliseLinkName(choice.id);
  if (id !== '' && !MEETING_ID_PATTERN.test(id)) return { failure: { key: 'homeError.id', field: 'id' } };
  const title = choice.title.trim();
  try {
    const made = await parleyClient().meeting.create({
      maxParticipants: choice.seats,
      ...(title ? { title } : {}),
      ...(id ? { id } : {}),
    });
    rememberHostToken(made.id, made.hostToken);
    recentMeetings.visit(made.id, title);
    return { id: made.id };
  } catch (error) {
    return { failure: createFailureOf(error) };
  }
}

/** Chooses the number of seats, shown on the table itself. */
function SeatStepper({ seats, onChange }: { seats: number; onChange(seats: number): void }) {
  const { t, count } = useTranslator();
  return (
    <fieldset className={stepperStyles.stepper}>
      <legend className={stepperStyles.legend}>{t('home.seats')}</legend>
      <SeatRing seats={seats} people={[]} sizePx={72} />
      <output className={stepperStyles.count}>{count('home.seatsCount', seats)}</output>
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
  useLayoutEffect(() => {
    if (props.idError && details.current) details.current.open = true;
  }, [props.idError]);
  const change = (part: Partial<NewMeetingChoice>) => props.onChange({ ...props.choice, ...part });
  return (
    <details className={optionsStyles.options} ref={details}>
      <summary className={optionsStyles.summary}>
        {t('home.options')}
        <Icon name="chevronDown" sizePx={18} />
      </summary>
      <div className={optionsStyles.fields}>
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

'use client';

import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import { SEATS_MAX } from '@/lib/core/meeting';
import { Button } from '../ui/Button';
import { type CreateFailure, createMeeting, type NewMeetingChoice } from './createMeeting';
import styles from './NewMeeting.module.css';
import { NewMeetingOptions } from './NewMeetingOptions';

/** The one big button, and what may be chosen before it is pressed. */
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

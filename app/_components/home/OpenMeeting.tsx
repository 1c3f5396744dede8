'use client';

import { useRouter } from 'next/navigation';
import { type FormEvent, useId, useState } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import { parseMeetingReference } from '@/lib/core/meetingId';
import { Icon } from '../icons/Icon';
import styles from './OpenMeeting.module.css';

/** The one field: a link or a code. */
export function OpenMeeting() {
  const { t } = useTranslator();
  const router = useRouter();
  const id = useId();
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState(false);

  const open = (event: FormEvent) => {
    event.preventDefault();
    const meetingId = parseMeetingReference(text);
    if (meetingId) router.push(`/m/${meetingId}`);
    setWrong(!meetingId);
  };

  return (
    <form className={styles.form} onSubmit={open} noValidate>
      <label className={styles.label} htmlFor={id}>
        {t('home.reference')}
      </label>
      <div className={styles.row} data-wrong={wrong || undefined}>
        <input
          id={id}
          className={styles.input}
          placeholder={t('home.referencePlaceholder')}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={text}
          aria-invalid={wrong || undefined}
          aria-describedby={`${id}-error`}
          onChange={(event) => {
            setText(event.target.value);
            setWrong(false);
          }}
        />
        <button type="submit" className={styles.go} aria-label={t('home.open')}>
          <Icon name="arrowRight" sizePx={22} />
        </button>
      </div>
      <p id={`${id}-error`} className={styles.error} role="alert">
        {wrong && t('homeError.reference')}
      </p>
    </form>
  );
}

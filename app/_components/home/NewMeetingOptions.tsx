'use client';

import { useEffect, useRef } from 'react';
import { useTranslator } from '@/app/_i18n/I18nProvider';
import { Icon } from '../icons/Icon';
import { TextField } from '../ui/TextField';
import type { NewMeetingChoice } from './createMeeting';
import styles from './NewMeetingOptions.module.css';
import { SeatStepper } from './SeatStepper';

const TITLE_MAX_LENGTH = 120;

/** Title, name for the link and seats, folded away until wanted; unfolds by itself where the name has a fault. */
export function NewMeetingOptions(props: {
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
    <details className={styles.options} ref={details}>
      <summary className={styles.summary}>
        {t('home.options')}
        <Icon name="chevronDown" sizePx={18} />
      </summary>
      <div className={styles.fields}>
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

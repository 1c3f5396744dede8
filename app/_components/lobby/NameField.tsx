'use client';

import { useTranslator } from '@/app/_i18n/I18nProvider';
import { TextField } from '../ui/TextField';

interface NameFieldProps {
  readonly name: string;
  /** Whether one tried to go on without. */
  readonly isMissing: boolean;
  onChange(name: string): void;
}

/** What others call one. */
export function NameField({ name, isMissing, onChange }: NameFieldProps) {
  const { t } = useTranslator();
  return (
    <TextField
      label={t('lobby.name')}
      placeholder={t('lobby.namePlaceholder')}
      error={isMissing ? t('lobby.nameMissing') : null}
      name="name"
      autoComplete="name"
      maxLength={256}
      value={name}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

'use client';

import { useTranslator } from '@/app/_i18n/I18nProvider';
import { TextField } from '../ui/TextField';

interface NameFieldProps {
  readonly name: string;
  /** Whether the form was submitted without a name. */
  readonly isMissing: boolean;
  onChange(name: string): void;
}

/** The name others see. */
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

'use client';

import { type ComponentProps, useId } from 'react';
import styles from './TextField.module.css';

type TextFieldProps = { label: string; hint?: string; error?: string | null } & Omit<ComponentProps<'input'>, 'id'>;

/** A labelled line of text; an error takes the hint's place and is announced. */
export function TextField({ label, hint, error, ...rest }: TextFieldProps) {
  const id = useId();
  const note = error ?? hint;
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {label}
      </label>
      <input
        autoComplete="off"
        {...rest}
        id={id}
        className={styles.input}
        aria-invalid={error ? true : undefined}
        aria-describedby={note ? `${id}-note` : undefined}
      />
      <p
        id={`${id}-note`}
        className={error ? styles.error : styles.hint}
        role={error ? 'alert' : undefined}
        hidden={!note}
      >
        {note}
      </p>
    </div>
  );
}

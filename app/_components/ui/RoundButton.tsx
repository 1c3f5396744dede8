'use client';

import type { ComponentProps } from 'react';
import styles from './IconButton.module.css';

/** A round button around its children; `label` is its name. */
export function RoundButton({ label, ...rest }: { label: string } & ComponentProps<'button'>) {
  return <button type="button" {...rest} className={styles.iconButton} aria-label={label} />;
}

'use client';

import type { ComponentProps } from 'react';
import { Icon } from '../icons/Icon';
import type { IconName } from '../icons/iconShapes';
import styles from './IconButton.module.css';

/** A round button of one icon; `label` is its name. */
export function IconButton({ icon, label, ...rest }: { icon: IconName; label: string } & ComponentProps<'button'>) {
  return (
    <button type="button" {...rest} className={styles.iconButton} aria-label={label}>
      <Icon name={icon} sizePx={20} />
    </button>
  );
}

'use client';

import type { ComponentProps, ReactNode } from 'react';
import styles from './Button.module.css';

/** `accent` for the main action, `quiet` for the rest, `inverse` over the scene, `danger` for what can't be undone. */
type ButtonTone = 'accent' | 'quiet' | 'inverse' | 'danger';

interface Look {
  tone?: ButtonTone;
  size?: 'normal' | 'large';
  children: ReactNode;
}

function classOf({ tone = 'quiet', size = 'normal' }: Omit<Look, 'children'>): string {
  return [styles.button, styles[tone], size === 'large' && styles.large].filter(Boolean).join(' ');
}

/** A button of the page. */
export function Button({ tone, size, ...rest }: Look & ComponentProps<'button'>) {
  return <button type="button" {...rest} className={classOf({ tone, size })} />;
}

/** A link that looks like a button, for actions that lead to another page. */
export function ButtonLink({ tone, size, ...rest }: Look & ComponentProps<'a'>) {
  return <a {...rest} className={classOf({ tone, size })} />;
}

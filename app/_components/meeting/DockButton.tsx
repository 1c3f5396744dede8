'use client';

import type { ReactNode } from 'react';
import { Icon } from '../icons/Icon';
import type { IconName } from '../icons/iconShapes';
import styles from './DockButton.module.css';

interface DockButtonProps {
  readonly icon: IconName;
  readonly label: string;
  /** The key that does the same. */
  readonly shortcut?: string;
  /** For a button that opens something. */
  readonly expanded?: boolean;
  /** For a button that stays down. */
  readonly pressed?: boolean;
  /** `shut`: what it stands for is closed; `live`: it goes out to the others; `warn`: it can't. */
  readonly tone?: 'shut' | 'live' | 'warn';
  /** A second thing to know, beside the name. */
  readonly hint?: string;
  readonly busy?: boolean;
  /** Left out on a narrow screen, where the menu has it. */
  readonly roomy?: boolean;
  /** Drawn behind the icon. */
  readonly children?: ReactNode;
  onClick(): void;
}

/** One round button; its name shows above it on hover and focus. */
export function DockButton({ icon, label, shortcut, hint, onClick, children, ...state }: DockButtonProps) {
  return (
    <button
      type="button"
      className={styles.button}
      aria-label={label}
      aria-expanded={state.expanded}
      aria-pressed={state.pressed}
      aria-busy={state.busy || undefined}
      data-tone={state.tone}
      data-roomy={state.roomy || undefined}
      aria-keyshortcuts={shortcut}
      onClick={(event) => {
        // After a press by pointer the keys belong to the room again: Space is to talk, not to press once more.
        if (event.detail > 0 && state.expanded === undefined) event.currentTarget.blur();
        onClick();
      }}
    >
      {children}
      <Icon name={icon} />
      <span className={styles.tip} aria-hidden="true">
        {label}
        {shortcut && <kbd className={styles.key}>{shortcut}</kbd>}
        {hint && <span className={styles.hint}>{hint}</span>}
      </span>
    </button>
  );
}

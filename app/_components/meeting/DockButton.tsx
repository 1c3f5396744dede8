'use client';

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
  onClick(): void;
}

/** One round button; its name shows above it on hover and focus. */
export function DockButton({ icon, label, shortcut, expanded, onClick }: DockButtonProps) {
  return (
    <button
      type="button"
      className={styles.button}
      aria-label={label}
      aria-expanded={expanded}
      aria-keyshortcuts={shortcut}
      onClick={onClick}
    >
      <Icon name={icon} />
      <span className={styles.tip} aria-hidden="true">
        {label}
        {shortcut && <kbd className={styles.key}>{shortcut}</kbd>}
      </span>
    </button>
  );
}

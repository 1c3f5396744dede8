import type { ReactNode } from 'react';
import styles from './Icon.module.css';

/** Strokes in a box of 24 as an icon. Decorative: the control that shows it carries the name. */
export function Glyph({ sizePx, children }: { sizePx: number; children: ReactNode }) {
  return (
    <svg
      className={styles.icon}
      width={sizePx}
      height={sizePx}
      viewBox="0 0 24 24"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  );
}

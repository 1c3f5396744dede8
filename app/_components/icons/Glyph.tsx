import type { ReactNode } from 'react';
import styles from './Icon.module.css';

/** The icons of the themes. They alone are on every page, so the other icons are kept apart. */
export const THEME_SHAPES = {
  theme: <path d="M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM12 3.5v17M12 8h5.5M12 12h8.5M12 16h5.5" />,
  day: (
    <path d="M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM12 2.8v1.7M12 19.5v1.7M2.8 12h1.7M19.5 12h1.7M5.5 5.5l1.2 1.2M17.3 17.3l1.2 1.2M5.5 18.5l1.2-1.2M17.3 6.7l1.2-1.2" />
  ),
  dark: <path d="M20 14.2A8.3 8.3 0 0 1 9.8 4a8.3 8.3 0 1 0 10.2 10.2Z" />,
} as const;

export type ThemeIcon = keyof typeof THEME_SHAPES;

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

import type { ReactNode } from 'react';
import { Wordmark } from '../brand/Wordmark';
import styles from './PageHeader.module.css';

/** The top of a page: the wordmark, and opposite what the page puts there. */
export function PageHeader({ children }: { children: ReactNode }) {
  return (
    <header className={styles.header}>
      <Wordmark />
      <div className={styles.preferences}>{children}</div>
    </header>
  );
}

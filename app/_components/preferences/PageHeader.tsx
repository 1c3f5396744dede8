import { Wordmark } from '../brand/Wordmark';
import { LanguageSwitch } from './LanguageSwitch';
import styles from './PageHeader.module.css';
import { ThemeSwitch } from './ThemeSwitch';

/** The top of a page: the wordmark, and language and appearance. */
export function PageHeader() {
  return (
    <header className={styles.header}>
      <Wordmark />
      <div className={styles.preferences}>
        <LanguageSwitch />
        <ThemeSwitch />
      </div>
    </header>
  );
}

'use client';

import { useSyncExternalStore } from 'react';
import { MarkScene } from './_components/brand/Mark';
import styles from './_components/page/StateScreen.module.css';
import buttons from './_components/ui/Button.module.css';
import type { Language } from './_i18n/language';
import { LAST_RESORT } from './_i18n/lastResort';
import './globals.css';

const never = () => () => {};

/** A short version of the server's negotiation. */
function browserLanguage(): Language {
  const chosen = /parley-language=([\w-]+)/.exec(document.cookie)?.[1] ?? navigator.language;
  return chosen.startsWith('zh') ? 'zh-Hans' : 'en';
}

/**
 * Shown when the layout itself failed, so this page has its own document and its own texts. Every page loads it, so it has
 * nothing else.
 */
export default function GlobalError() {
  const language = useSyncExternalStore<Language>(never, browserLanguage, () => 'en');
  const messages = LAST_RESORT[language];
  return (
    <html lang={language}>
      <body>
        <div className={styles.page}>
          <main className={styles.main}>
            <div className={styles.table}>
              <MarkScene story="apart" />
            </div>
            <h1 className={styles.sentence}>{messages['page.error']}</h1>
            <button
              type="button"
              className={`${buttons.button} ${buttons.accent}`}
              onClick={() => window.location.reload()}
            >
              {messages['action.reload']}
            </button>
          </main>
        </div>
      </body>
    </html>
  );
}

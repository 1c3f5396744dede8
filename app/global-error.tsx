'use client';

import { useSyncExternalStore } from 'react';
import { MarkScene } from './_components/brand/MarkScene';
import styles from './_components/states/StateScreen.module.css';
import { Button } from './_components/ui/Button';
import { type Language, messagesOf, negotiateLanguage } from './_i18n/language';
import './globals.css';

const never = () => () => {};

function browserLanguage(): Language {
  return negotiateLanguage(/parley-language=([\w-]+)/.exec(document.cookie)?.[1], navigator.languages.join(','));
}

/** The last resort: the layout itself failed, so this page brings its own document and its own words. */
export default function GlobalError() {
  const language = useSyncExternalStore<Language>(never, browserLanguage, () => 'en');
  const messages = messagesOf(language);
  return (
    <html lang={language}>
      <body>
        <div className={styles.page}>
          <main className={styles.main}>
            <div className={styles.table}>
              <MarkScene story="apart" />
            </div>
            <h1 className={styles.sentence}>{messages['page.error']}</h1>
            <Button tone="accent" onClick={() => window.location.reload()}>
              {messages['action.reload']}
            </Button>
          </main>
        </div>
      </body>
    </html>
  );
}

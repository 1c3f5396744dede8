'use client';

import { useEffect } from 'react';
import { StateScreen } from './_components/page/StateScreen';
import { Button } from './_components/ui/Button';
import { useTranslator } from './_i18n/I18nProvider';

/** Shown when a page fails; header and language still work. */
export default function PageError({ error }: { error: Error }) {
  const { t } = useTranslator();
  useEffect(() => console.error(error), [error]);
  return (
    <StateScreen
      story="apart"
      sentence={t('page.error')}
      action={
        <Button tone="accent" onClick={() => window.location.reload()}>
          {t('action.reload')}
        </Button>
      }
    />
  );
}

import type { Metadata } from 'next';
import { OpsPage } from '@/app/_components/ops/OpsPage';
import { messagesOf, opsMessagesOf } from '@/app/_i18n/catalogues';
import { I18nProvider } from '@/app/_i18n/I18nProvider';
import { requestLanguage } from '@/app/_i18n/requestTranslator';

export async function generateMetadata(): Promise<Metadata> {
  const language = await requestLanguage();
  return { title: opsMessagesOf(language)['ops.pageTitle'], robots: 'noindex' };
}

export default async function Page() {
  const language = await requestLanguage();
  const messages = { ...messagesOf(language), ...opsMessagesOf(language) };
  return (
    <I18nProvider language={language} messages={messages}>
      <OpsPage />
    </I18nProvider>
  );
}

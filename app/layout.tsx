import type { Metadata, Viewport } from 'next';
import { cookies, headers } from 'next/headers';
import type { ReactNode } from 'react';
import { messagesOf } from './_i18n/catalogues';
import './globals.css';
// Loaded once with the layout, in one piece; the page and what stands ready for its errors would each bring a copy.
import './_components/states/StateScreen';
import './_components/ui/Button';
import './error';
import './global-error';
import { I18nProvider } from './_i18n/I18nProvider';
import { requestLanguage, requestTranslator } from './_i18n/requestTranslator';
import { parseTheme, THEME_COOKIE, type Theme } from './_memory/theme';
import { fontClasses } from './fonts';

// The policy against foreign scripts carries a nonce a request, so no page may be prepared ahead of one.
export const dynamic = 'force-dynamic';

async function requestTheme(): Promise<Theme> {
  return parseTheme((await cookies()).get(THEME_COOKIE)?.value);
}

const PAPER = '#f6efe3';
const INK = '#151925';

export async function generateViewport(): Promise<Viewport> {
  const theme = await requestTheme();
  return {
    width: 'device-width',
    initialScale: 1,
    viewportFit: 'cover',
    themeColor: [
      { media: '(prefers-color-scheme: light)', color: theme === 'dark' ? INK : PAPER },
      { media: '(prefers-color-scheme: dark)', color: theme === 'light' ? PAPER : INK },
    ],
  };
}

/** Where the page was asked for, so that a link's picture has a whole address. */
async function requestOrigin(): Promise<URL> {
  const head = await headers();
  const host = head.get('x-forwarded-host') ?? head.get('host') ?? 'localhost';
  return new URL(`${head.get('x-forwarded-proto') ?? 'http'}://${host}`);
}

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await requestTranslator();
  return {
    metadataBase: await requestOrigin(),
    title: { default: t('app.name'), template: `%s · ${t('app.name')}` },
    description: t('app.description'),
    applicationName: t('app.name'),
  };
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  const language = await requestLanguage();
  const theme = await requestTheme();
  const messages = messagesOf(language);
  return (
    <html lang={language} data-theme={theme} className={fontClasses}>
      <body>
        <I18nProvider language={language} messages={messages}>
          {children}
        </I18nProvider>
        <noscript>{messages['page.noScript']}</noscript>
      </body>
    </html>
  );
}

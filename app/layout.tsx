import './globals.css';
import './_components/page/StateScreen';
import './_components/ui/Button';
import './error';
import './global-error';
import type { Metadata, Viewport } from 'next';
import localFont from 'next/font/local';
import { cookies, headers } from 'next/headers';
import type { ReactNode } from 'react';
import { SITE_ORIGIN_HEADER } from '@/server/runtime';
import { messagesOf } from './_i18n/catalogues';
import { I18nProvider } from './_i18n/I18nProvider';
import { requestLanguage, requestTranslator } from './_i18n/requestTranslator';
import { parseTheme, THEME_COOKIE, type Theme } from './_memory/preferences';

/**
 * Bricolage Grotesque with its optical sizes, from npm, self-hosted. Latin Extended is a separate family, so that its file
 * is loaded only where one of its letters appears; Chinese uses the system's fonts.
 */
const latin = localFont({
  src: '../node_modules/@fontsource-variable/bricolage-grotesque/files/bricolage-grotesque-latin-opsz-normal.woff2',
  weight: '200 800',
  display: 'swap',
  variable: '--font-latin',
  adjustFontFallback: false,
});

const latinExtended = localFont({
  src: '../node_modules/@fontsource-variable/bricolage-grotesque/files/bricolage-grotesque-latin-ext-opsz-normal.woff2',
  weight: '200 800',
  display: 'swap',
  preload: false,
  variable: '--font-latin-ext',
  adjustFontFallback: false,
  declarations: [
    {
      prop: 'unicode-range',
      value:
        'U+0100-02BA,U+02BD-02C5,U+02C7-02CC,U+02CE-02D7,U+02DD-02FF,U+0304,U+0308,U+0329,U+1D00-1DBF,U+1E00-1E9F,U+1EF2-1EFF,U+2020,U+20A0-20AB,U+20AD-20C0,U+2113,U+2C60-2C7F,U+A720-A7FF',
    },
  ],
});

/** The classes that define the font variables, for `<html>`. */
export const fontClasses = `${latin.variable} ${latinExtended.variable}`;

// Imported here so that they load once, with the layout; the page and its error screens would each bring a copy.

// The content security policy has a nonce per request, so pages can't be rendered ahead of it.
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

/** The site's origin, so that link previews have absolute picture URLs. */
async function siteOrigin(): Promise<URL> {
  return new URL((await headers()).get(SITE_ORIGIN_HEADER) || 'http://localhost');
}

export async function generateMetadata(): Promise<Metadata> {
  const { t } = await requestTranslator();
  return {
    metadataBase: await siteOrigin(),
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

import { configure, render } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import type { ReactNode } from 'react';
import { messagesOf, opsMessagesOf } from '@/app/_i18n/catalogues';
import { I18nProvider } from '@/app/_i18n/I18nProvider';
import type { Language } from '@/app/_i18n/language';

configure({
  // Without style sheets only attributes hide anything; asking at every query would take most of the time.
  defaultHidden: true,
  // What is loaded later takes its time on a busy machine.
  asyncUtilTimeout: 15_000,
});

/** Renders components in a language; `user` acts on them as a person does. */
export function renderApp(ui: ReactNode, language: Language = 'en') {
  const messages = { ...messagesOf(language), ...opsMessagesOf(language) };
  const wrapper = ({ children }: { children: ReactNode }) => (
    <I18nProvider language={language} messages={messages}>
      {children}
    </I18nProvider>
  );
  const { container, rerender, unmount } = render(ui, { wrapper });
  return { user: userEvent.setup(), container, rerender, unmount };
}

'use client';

import { createContext, type ReactNode, useContext, useMemo } from 'react';
import type { Language } from './language';
import type { Messages } from './messages';
import { createTranslator, type Translator } from './translator';

const TranslatorContext = createContext<Translator | null>(null);

/** Gives the texts of one language to everything below it. The server picks the language and sends only its catalogue. */
export function I18nProvider(props: { language: Language; messages: Messages; children: ReactNode }) {
  const translator = useMemo(() => createTranslator(props.language, props.messages), [props.language, props.messages]);
  return <TranslatorContext value={translator}>{props.children}</TranslatorContext>;
}

/** The texts of the page's language. Throws outside an `I18nProvider`. */
export function useTranslator(): Translator {
  const translator = useContext(TranslatorContext);
  if (!translator) throw new Error('useTranslator needs an I18nProvider above it');
  return translator;
}

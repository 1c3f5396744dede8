import { en } from './en';
import type { Language } from './language';
import type { Messages } from './messages';
import { zhHans } from './zhHans';

const CATALOGUES: Readonly<Record<Language, Messages>> = { en, 'zh-Hans': zhHans };

/** The catalogue of a language. On the server: a page gets its one catalogue from there, and should not load them all. */
export function messagesOf(language: Language): Messages {
  return CATALOGUES[language];
}

import { en } from './en';
import type { Language } from './language';
import type { Messages } from './messages';
import { zhHans } from './zhHans';

const CATALOGUES: Readonly<Record<Language, Messages>> = { en, 'zh-Hans': zhHans };

/** The catalogue of a language. Only on the server, which sends each page one catalogue. */
export function messagesOf(language: Language): Messages {
  return CATALOGUES[language];
}

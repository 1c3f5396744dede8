import { en } from './en';
import { enOps } from './enOps';
import type { Language } from './language';
import type { Messages, OpsMessages } from './messages';
import { zhHans } from './zhHans';
import { zhHansOps } from './zhHansOps';

const CATALOGUES: Readonly<Record<Language, Messages>> = { en, 'zh-Hans': zhHans };

const OPS_CATALOGUES: Readonly<Record<Language, OpsMessages>> = { en: enOps, 'zh-Hans': zhHansOps };

/** The catalogue of a language. Only on the server, which sends each page one catalogue. */
export function messagesOf(language: Language): Messages {
  return CATALOGUES[language];
}

/** The texts of the operators' page, which no other page gets. Only on the server. */
export function opsMessagesOf(language: Language): OpsMessages {
  return OPS_CATALOGUES[language];
}

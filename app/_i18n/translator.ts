import type { Language } from './language';
import {
  type CountKey,
  countKey,
  fillPlaceholders,
  type MessageKey,
  type Messages,
  type MessageValues,
} from './messages';

/** Texts and formats of one language, as a component uses them. */
export interface Translator {
  readonly language: Language;
  /** The text of `key` with its placeholders filled. */
  t(key: MessageKey, values?: MessageValues): string;
  /** The text of `stem` for a number, which also fills `{count}`. */
  count(stem: CountKey, count: number, values?: MessageValues): string;
  /** Names joined in the way of the language. */
  list(names: readonly string[]): string;
}

/** Creates a translator from a catalogue. */
export function createTranslator(language: Language, messages: Messages): Translator {
  const t = (key: MessageKey, values?: MessageValues) => fillPlaceholders(messages[key], values);
  return {
    language,
    t,
    count: (stem, count, values) => t(countKey(language, stem, count), { count, ...values }),
    list: (names) => new Intl.ListFormat(language, { type: 'conjunction' }).format(names),
  };
}

import type { en } from './en';
import type { enOps } from './enOps';

/** The key of a text. */
export type MessageKey = keyof typeof en;

/** A whole catalogue: every key, in one language. */
export type Messages = Readonly<Record<MessageKey, string>>;

/** The key of a text that only the operators' page has. */
export type OpsKey = keyof typeof enOps;

/** The operators' catalogue, in one language. */
export type OpsMessages = Readonly<Record<OpsKey, string>>;

/** The stem of a text that depends on a number. */
export type CountKey = MessageKey extends infer Key ? (Key extends `${infer Stem}_other` ? Stem : never) : never;

/** What fills the placeholders of a text. */
export type MessageValues = Readonly<Record<string, string | number>>;

/** Fills the placeholders of a text; placeholders without a value stay, so that they are noticed. */
export function fillPlaceholders(text: string, values: MessageValues = {}): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole));
}

/** The key of the plural form of `stem` for `count` in `language` (BCP 47). */
export function countKey(language: string, stem: CountKey, count: number): MessageKey {
  const one = new Intl.PluralRules(language).select(count) === 'one';
  return `${stem}_${one ? 'one' : 'other'}` as MessageKey;
}

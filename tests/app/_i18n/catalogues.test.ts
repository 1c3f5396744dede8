import { describe, expect, it } from 'vitest';
import { en as enPages } from '@/app/_i18n/en';
import { enOps } from '@/app/_i18n/enOps';
import type { MessageKey, OpsKey } from '@/app/_i18n/messages';
import { zhHans as zhHansPages } from '@/app/_i18n/zhHans';
import { zhHansOps } from '@/app/_i18n/zhHansOps';

type Key = MessageKey | OpsKey;

const en: Readonly<Record<Key, string>> = { ...enPages, ...enOps };
const zhHans: Readonly<Record<Key, string>> = { ...zhHansPages, ...zhHansOps };
const KEYS = Object.keys(en) as Key[];
const CHINESE = /\p{Script=Han}/u;

/** Texts that are the same in every language: names and examples in the Latin alphabet. */
const SAME_EVERYWHERE: readonly Key[] = [
  'app.name',
  'home.idPlaceholder',
  'preferences.languageSwitch',
  'preferences.languageSwitchLabel',
];

function placeholders(text: string): string[] {
  return [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!).sort();
}

describe('the message catalogues', () => {
  it('the catalogues have the same keys in both languages', () => {
    expect(Object.keys(zhHans).sort()).toEqual([...KEYS].sort());
  });

  it.each(KEYS)(
    'the text %s has the same placeholders in both languages, is not empty, and has no exclamation mark',
    (key) => {
      expect(placeholders(zhHans[key])).toEqual(placeholders(en[key]));
      for (const text of [en[key], zhHans[key]]) {
        expect(text.trim()).toBe(text);
        expect(text).not.toBe('');
        expect(text).not.toMatch(/[!！]/);
      }
    },
  );

  it('the catalogues are written in their own script', () => {
    for (const key of KEYS.filter((key) => !SAME_EVERYWHERE.includes(key))) {
      expect(en[key], key).not.toMatch(CHINESE);
      // A text of placeholders alone has no script.
      if (zhHans[key].replace(/\{\w+\}|\P{L}/gu, '')) expect(zhHans[key], key).toMatch(CHINESE);
    }
  });

  it('the Chinese catalogue has full-width punctuation between Chinese characters', () => {
    for (const key of KEYS) expect(zhHans[key], key).not.toMatch(/\p{Script=Han}[,.;:?]|[,.;:?]\p{Script=Han}/u);
  });

  it('the catalogues have both plural forms of a text or none', () => {
    for (const key of KEYS.filter((key) => /_(one|other)$/.test(key))) {
      const other = key.endsWith('_one') ? key.replace(/_one$/, '_other') : key.replace(/_other$/, '_one');
      expect(KEYS, key).toContain(other);
    }
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { messagesOf } from '@/app/_i18n/catalogues';
import { negotiateLanguage } from '@/app/_i18n/language';
import { createTranslator } from '@/app/_i18n/translator';

describe('negotiateLanguage', () => {
  it.each([
    [undefined, 'en-GB,en;q=0.9', 'en'],
    [undefined, 'zh-CN,zh;q=0.9,en;q=0.8', 'zh-Hans'],
    [undefined, 'de-DE,de;q=0.9,zh;q=0.5,en;q=0.4', 'zh-Hans'],
    [undefined, 'en;q=0.3, zh-TW;q=0.8', 'zh-Hans'],
    [undefined, 'zh;q=0, fr', 'en'],
    [undefined, null, 'en'],
    ['zh-Hans', 'en', 'zh-Hans'],
    ['en', 'zh-CN', 'en'],
    ['klingon', 'zh-CN', 'zh-Hans'],
  ] as const)('with the cookie %s and the header %s the language is %s', (cookie, header, language) => {
    expect(negotiateLanguage(cookie, header)).toBe(language);
  });

  it('there is a language whatever the header holds', () => {
    fc.assert(fc.property(fc.string(), (header) => ['en', 'zh-Hans'].includes(negotiateLanguage(undefined, header))));
  });
});

describe('createTranslator', () => {
  const en = createTranslator('en', messagesOf('en'));
  const zh = createTranslator('zh-Hans', messagesOf('zh-Hans'));

  it('the plural form is that of the language', () => {
    expect(en.count('lobby.joinFree', 1)).toBe('1 seat free');
    expect(en.count('lobby.joinFree', 0)).toBe('0 seats free');
    expect(zh.count('lobby.joinFree', 1)).toBe('还有 1 个空位');
  });

  it('placeholders are filled with text as it is, never as a pattern', () => {
    expect(en.t('toast.joined', { name: '$& {name} <b>' })).toBe('$& {name} <b> joined');
    expect(en.t('toast.joined')).toBe('{name} joined');
  });

  it('names are joined in the way of the language', () => {
    expect(en.list(['Ann', 'Bo'])).toBe('Ann and Bo');
    expect(zh.list(['小雨', '阿博'])).toBe('小雨和阿博');
  });
});

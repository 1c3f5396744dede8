import { describe, expect, it } from 'vitest';
import { whoIsHereSentence } from '@/app/_components/lobby/Lobby';
import { messagesOf } from '@/app/_i18n/catalogues';
import { createTranslator } from '@/app/_i18n/translator';

const en = createTranslator('en', messagesOf('en'));
const zh = createTranslator('zh-Hans', messagesOf('zh-Hans'));

describe('whoIsHereSentence', () => {
  it.each([
    [[], 'No one is here yet. You are the first.'],
    [['Ann'], 'Ann is here.'],
    [['Ann', 'Bo'], 'Ann and Bo are here.'],
    [['Ann', 'Bo', 'Cleo', 'Dayo'], 'Ann, Bo, and 2 others are here.'],
  ])('%j: %s', (names, sentence) => expect(whoIsHereSentence(en, names)).toBe(sentence));

  it('is Chinese in Chinese', () => {
    expect(whoIsHereSentence(zh, ['小雨', '阿博', 'Ann', 'Bo'])).toBe('小雨、阿博和另外 2 人已经到了。');
  });
});
